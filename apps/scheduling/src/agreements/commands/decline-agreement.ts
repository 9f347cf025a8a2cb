import { Injectable } from '@nestjs/common';
import type { AgreementId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AgreementTermsOf } from '../agreement-terms-of';
import { NotAffected } from '../domain/agreement.errors';
import { isTooLate, requireStep, type Signatory } from '../domain/agreement-version';

/** One practice's no ends a proposal, or what was approved and has not begun; the proposing practice withdraws it so. What is in force goes on. Throws AgreementUnknown, VersionUnknown, AgreementHasNoSuchStep, NotAffected. */
@Injectable()
export class DeclineAgreement {
  constructor(private readonly known: AgreementTermsOf) {}

  async execute(tx: Tx, by: Signatory, agreement: AgreementId, version: number, reason: string): Promise<void> {
    const all = await this.known.locked(tx, agreement, by.practice);
    const proposed = this.known.one(all, version, by.practice);
    // Why by the instant: the sweeper comes a moment later, and what is in force ends by notice alone.
    requireStep(proposed.status === 'approved' && isTooLate(proposed, tx.now) ? 'in-force' : proposed.status, 'decline');
    if (!proposed.affected.includes(by.practice)) throw new NotAffected();
    await this.known.callOff(tx, all, proposed, by.practice === proposed.draftedFor ? 'withdrawn' : 'declined', reason);
  }
}
