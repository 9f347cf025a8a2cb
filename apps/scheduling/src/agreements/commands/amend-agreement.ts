import { Injectable } from '@nestjs/common';
import type { AgreementId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { requireStep, type Signatory } from '../domain/agreement-version';
import { AgreementTermsOf } from '../agreement-terms-of';
import type { AgreementTerms } from '../persistence/agreement-terms.schema';
import { AgreementVersionRepository } from '../persistence/agreement-version.repository';

/** Drafts a further version on the one that was agreed last. Throws AgreementUnknown, AgreementHasNoSuchStep (nothing is in force that could be amended), NoPartyOfIt. */
@Injectable()
export class AmendAgreement {
  constructor(private readonly versions: AgreementVersionRepository, private readonly known: AgreementTermsOf) {}

  async execute(tx: Tx, by: Signatory, agreement: AgreementId, terms: AgreementTerms): Promise<number> {
    const all = await this.known.locked(tx, agreement, by.practice);
    const present = this.known.agreed(all);
    requireStep(present?.status === 'approved' ? 'in-force' : present?.status ?? 'draft', 'amend');
    await this.known.requireParty(tx, present!, by.practice);
    const version = Math.max(...all.map((one) => one.version)) + 1;
    await this.versions.draft(tx, { agreement, version, basedOn: present?.version ?? 0, terms, draftedFor: by.practice, draftedAt: tx.now }, by.subject);
    tx.audit.record({ action: 'agreement.drafted', entity: 'agreement', entityId: agreement, details: { version } });
    return version;
  }
}
