import { Injectable } from '@nestjs/common';
import { PracticeDefined, practiceId } from '@slotmesh/contracts';
import { type AgreementId, type PartnershipId, type PracticeId, formatInstant, instant, newId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { agreementChanged } from '../../agreements/agreement-events';
import { agreementTerms } from '../../agreements/persistence/agreement-terms.schema';
import { AgreementVersionRepository } from '../../agreements/persistence/agreement-version.repository';
import { type FeedManifest, practiceCodeOf } from '../domain/feed-manifest';
import { AlreadyConnected, PartnershipNotClear, PracticeNotNamed, PracticeTaken } from '../feed.errors';
import { FeedFileRepository } from '../persistence/feed-file.repository';
import { type FeedSource, FeedSourceRepository } from '../persistence/feed-source.repository';

export interface FeedConnection {
  readonly manifest: FeedManifest;
  readonly practice: PracticeId | null;
  readonly name: string | null;
  readonly partnership: PartnershipId | null;
}

/**
 * Finds the connection of a publication, or makes one: a practice without staff that is a member of the partnership and shares all its time with the others
 * by an agreement of its own. Slots of files that it no longer names are gone with them. Throws PracticeNotNamed, PracticeTaken, AlreadyConnected, PartnershipNotClear.
 */
@Injectable()
export class ConnectFeed {
  constructor(private readonly sources: FeedSourceRepository, private readonly files: FeedFileRepository, private readonly versions: AgreementVersionRepository) {}

  async execute(tx: Tx, wanted: FeedConnection): Promise<FeedSource & { readonly isNew: boolean }> {
    const { address, publishedAt } = wanted.manifest;
    // Why a lock: two first imports at once would make two practices, and two agreements of one number.
    const partnerships = await tx.query<{ id: PartnershipId }>('SELECT id FROM partnership ORDER BY id FOR NO KEY UPDATE');
    const known = await this.sources.byAddress(tx, address);
    if (known) {
      if (wanted.practice !== null && wanted.practice !== known.practice) throw new AlreadyConnected(known.practice);
      await this.files.forgetUnlisted(tx, known, wanted.manifest.files.map(({ url }) => url));
      return { ...(await this.sources.publishedAt(tx, known, publishedAt)), isNew: false };
    }
    const practice = wanted.practice ?? practiceId.safeParse(practiceCodeOf(address)).data;
    if (!practice) throw new PracticeNotNamed();
    const partnership = partnerships.find(({ id }) => (wanted.partnership === null ? partnerships.length === 1 : id === wanted.partnership))?.id;
    if (!partnership) throw new PartnershipNotClear();
    await this.definePractice(tx, practice, partnership, wanted.name ?? practice);
    await this.share(tx, practice, partnership);
    return { ...(await this.sources.add(tx, practice, address, publishedAt)), isNew: true };
  }

  private async definePractice(tx: Tx, id: PracticeId, partnership: PartnershipId, name: string): Promise<void> {
    const [taken] = await tx.query<{ staffed: boolean }>('SELECT staffed FROM practice WHERE id = $1', [id]);
    if (taken) throw new PracticeTaken(id, taken.staffed ? 'staffed' : 'other-publication');
    // Why UTC and empty: each site has its own zone and phone, and a practice without staff sends nothing.
    const facts = { id, name, zone: 'UTC', phone: '', email: '' };
    await tx.execute(`INSERT INTO practice (id, name, zone, phone, email, sender_number, staffed) VALUES ($1, $2, $3, $4, $5, '', false)`, [facts.id, facts.name, facts.zone, facts.phone, facts.email]);
    await tx.execute('INSERT INTO membership (practice_id, partnership_id) VALUES ($1, $2)', [id, partnership]);
    tx.outbox.add(eventOf(PracticeDefined, { key: id, host: id }, { ...facts, senderNumber: '', partnership, staffed: false }));
    tx.audit.record({ action: 'practice.defined', entity: 'practice', entityId: id });
  }

  /** All that is published, to every member that has staff to read it. */
  private async share(tx: Tx, practice: PracticeId, partnership: PartnershipId): Promise<void> {
    const members = await tx.query<{ id: PracticeId }>('SELECT p.id FROM membership m JOIN practice p ON p.id = m.practice_id WHERE m.partnership_id = $1 AND p.staffed ORDER BY p.id', [partnership]);
    const id = newId<AgreementId>();
    const terms = agreementTerms.parse({
      name: `What ${practice} publishes`, practices: [practice, ...members.map((member) => member.id)],
      // Why from the beginning of time: a publication is open to all whenever it was made, and its past can be looked at.
      effectiveFrom: formatInstant(instant(0)),
      // Why without a return: who publishes a time keeps no right to take it back before.
      rules: [{ id: `${practice}-published`, host: practice, returnsHoursBefore: null }],
    });
    await this.versions.addInForce(tx, { agreement: id, partnership, terms, draftedFor: practice, draftedAt: tx.now });
    const [version] = await this.versions.all(tx, id);
    if (version) tx.outbox.add(agreementChanged(version, 'in-force'));
    tx.audit.record({ action: 'agreement.in-force', entity: 'agreement', entityId: id, details: { version: 1 } });
  }
}
