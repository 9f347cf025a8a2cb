import { Injectable } from '@nestjs/common';
import { type AgreementId, type PartnershipId, type PracticeId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { NoPartnership, NotThePresentTerms } from '../domain/agreement.errors';
import type { Signatory } from '../domain/agreement-version';
import type { AgreementTerms } from '../persistence/agreement-terms.schema';
import { AgreementVersionRepository } from '../persistence/agreement-version.repository';

/** Begins an agreement of the caller's partnership: a draft that its own practice alone reads. Throws NoPartnership, NotThePresentTerms. */
@Injectable()
export class DraftAgreement {
  constructor(private readonly versions: AgreementVersionRepository) {}

  async execute(tx: Tx, by: Signatory, terms: AgreementTerms): Promise<AgreementId> {
    requireOwnPart(by.practice, terms);
    const [member] = await tx.query<{ partnership: PartnershipId }>(`SELECT partnership_id AS partnership FROM membership WHERE practice_id = $1`, [by.practice]);
    if (!member) throw new NoPartnership();
    const agreement = newId<AgreementId>();
    await tx.execute(`INSERT INTO agreement (id, partnership_id, version, practices, name, drafted_for) VALUES ($1, $2, 1, $3, $4, $5)`, [agreement, member.partnership, [by.practice], terms.name, by.practice]);
    await this.versions.draft(tx, { agreement, version: 1, basedOn: 0, terms, draftedFor: by.practice, draftedAt: tx.now }, by.subject);
    tx.audit.record({ action: 'agreement.drafted', entity: 'agreement', entityId: agreement, details: { version: 1 } });
    return agreement;
  }
}

/** A practice drafts what it takes part in itself. */
export function requireOwnPart(practice: PracticeId, terms: AgreementTerms): void {
  if (!terms.practices.includes(practice)) throw new NotThePresentTerms(`Name your own practice, ${practice}, among the parties (practices).`);
}
