import { Injectable } from '@nestjs/common';
import { type AgreementId, type PracticeId, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { agreementChanged } from './agreement-events';
import { AgreementUnknown, NoPartyOfIt, PartyLeaves, VersionUnknown } from './domain/agreement.errors';
import type { AgreementStatus, EndedBecause } from './domain/agreement-version';
import { AgreementVersionRepository, type StoredVersion } from './persistence/agreement-version.repository';

const AGREED: ReadonlySet<AgreementStatus> = new Set<AgreementStatus>(['approved', 'in-force', 'superseded']);

/** How use-cases find the version that they are about. */
@Injectable()
export class AgreementTermsOf {
  constructor(private readonly versions: AgreementVersionRepository) {}

  /** Every version, the agreement locked. Throws AgreementUnknown where the practice is no party. */
  async locked(tx: Tx, agreement: AgreementId, party: PracticeId): Promise<StoredVersion[]> {
    if (!(await this.versions.lock(tx, agreement, party))) throw new AgreementUnknown();
    return this.versions.all(tx, agreement);
  }

  /** Throws VersionUnknown, also for another practice's draft. */
  one(all: readonly StoredVersion[], version: number, reader: PracticeId): StoredVersion {
    const found = all.find((one) => one.version === version);
    if (!found || !maySee(found, reader)) throw new VersionUnknown();
    return found;
  }

  /** What was agreed last, if anything was and it has not ended for good. */
  agreed(all: readonly StoredVersion[]): StoredVersion | null {
    return all.findLast(({ status }) => AGREED.has(status)) ?? null;
  }

  inForce(all: readonly StoredVersion[]): StoredVersion | null {
    return all.find(({ status }) => status === 'in-force') ?? null;
  }

  /** Why beside `locked`: who was only invited, or was a party once, still reads what it was shown. Throws NoPartyOfIt. */
  async requireParty(tx: Tx, present: StoredVersion, practice: PracticeId): Promise<void> {
    if (!present.practices.includes(practice) || (await this.departed(tx, present)).includes(practice)) throw new NoPartyOfIt();
  }

  /** Parties that have left the partnership since; they neither sign nor hinder what the others agree on. */
  async departed(tx: Tx, { practices, partnership }: Pick<StoredVersion, 'practices' | 'partnership'>): Promise<PracticeId[]> {
    return (await tx.query<{ id: PracticeId }>(
      `SELECT DISTINCT e.practice_id AS id FROM exit_plan e WHERE e.practice_id = ANY ($1) AND e.partnership_id = $2 AND e.left_at IS NOT NULL AND NOT EXISTS (SELECT FROM membership m WHERE m.practice_id = e.practice_id AND m.partnership_id = $2) ORDER BY 1`,
      [[...practices], partnership])).map(({ id }) => id);
  }

  /** Throws PartyLeaves where a party's exit comes before the version. */
  async requireAllStay(tx: Tx, { practices, effectiveFrom }: Pick<StoredVersion, 'practices' | 'effectiveFrom'>): Promise<void> {
    const leaving = await tx.query<{ id: PracticeId }>(`SELECT practice_id AS id FROM exit_plan WHERE state = 'leaving' AND practice_id = ANY ($1) AND exit_at <= $2 ORDER BY 1`, [[...practices], toDate(effectiveFrom)]);
    if (leaving.length > 0) throw new PartyLeaves(leaving.map(({ id }) => id));
  }

  /** Ends a version that was not in force yet. What is in force goes on: where its end had been brought forward for this one, it is as agreed again. */
  async callOff(tx: Tx, all: readonly StoredVersion[], version: StoredVersion, because: EndedBecause, note: string): Promise<void> {
    await this.versions.end(tx, version.agreement, version.version, because, note);
    tx.outbox.add(agreementChanged(version, 'terminated', version.effectiveFrom));
    tx.audit.record({ action: `agreement.${because}`, entity: 'agreement', entityId: version.agreement, details: { version: version.version } });
    const present = version.status === 'approved' ? this.inForce(all) : null;
    if (present) tx.outbox.add(agreementChanged(present, present.status, await this.versions.restoreEnd(tx, present.agreement, present.version)));
  }
}

const maySee = ({ status, draftedFor, practices, affected }: StoredVersion, reader: PracticeId): boolean => draftedFor === reader || (status !== 'draft' && (practices.includes(reader) || affected.includes(reader)));
