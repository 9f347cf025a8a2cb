import { Injectable } from '@nestjs/common';
import type { AgreementId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { agreementChanged } from '../agreement-events';
import { AgreementTermsOf } from '../agreement-terms-of';
import { NotAffected } from '../domain/agreement.errors';
import { requireStep, type Signatory } from '../domain/agreement-version';
import { AgreementVersionRepository } from '../persistence/agreement-version.repository';

/** One practice's no ends a proposal; the proposing practice withdraws it so. Throws AgreementUnknown, VersionUnknown, AgreementHasNoSuchStep, NotAffected. */
@Injectable()
export class DeclineAgreement {
  constructor(private readonly versions: AgreementVersionRepository, private readonly known: AgreementTermsOf) {}

  async execute(tx: Tx, by: Signatory, agreement: AgreementId, version: number, reason: string): Promise<void> {
    const proposed = this.known.one(await this.known.locked(tx, agreement, by.practice), version, by.practice);
    requireStep(proposed.status, 'decline');
    if (!proposed.affected.includes(by.practice)) throw new NotAffected();
    const because = by.practice === proposed.draftedFor ? 'withdrawn' : 'declined';
    await this.versions.end(tx, agreement, version, because, reason);
    tx.outbox.add(agreementChanged(proposed, 'terminated', proposed.effectiveFrom));
    tx.audit.record({ action: `agreement.${because}`, entity: 'agreement', entityId: agreement, details: { version } });
  }
}
