import { Injectable } from '@nestjs/common';
import { type AgreementId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { MemberDocuments } from '../../partnerships/member-documents';
import { agreementChanged } from '../agreement-events';
import { AgreementTermsOf } from '../agreement-terms-of';
import { EffectiveDatePassed, NoticeGiven } from '../domain/agreement.errors';
import { awaited, isTooLate, type Signatory, signatureOf } from '../domain/agreement-version';
import { AgreementVersionRepository } from '../persistence/agreement-version.repository';

/**
 * One signature of one person for a practice. With the last one that is awaited the version is approved: it comes into force by itself at its instant, and the one before it ends there.
 * Throws AgreementUnknown, VersionUnknown, AgreementHasNoSuchStep, NotAffected, HashDiffers, OwnProposal, SignedAlready, EffectiveDatePassed, PapersMissing, NoticeGiven, PartyLeaves.
 */
@Injectable()
export class ApproveAgreement {
  constructor(private readonly versions: AgreementVersionRepository, private readonly known: AgreementTermsOf, private readonly papers: MemberDocuments) {}

  async execute(tx: Tx, by: Signatory, agreement: AgreementId, version: number, hash: string): Promise<void> {
    const all = await this.known.locked(tx, agreement, by.practice);
    const proposed = this.known.one(all, version, by.practice);
    const signature = signatureOf(proposed, by, hash, tx.now);
    if (isTooLate(proposed, tx.now)) throw new EffectiveDatePassed();
    const ended = (await this.versions.noticesOf(tx, [agreement])).find(({ endsAt }) => endsAt !== null);
    if (ended?.endsAt) throw new NoticeGiven(formatInstant(ended.endsAt));
    await this.known.requireAllStay(tx, proposed);
    if (proposed.practices.includes(by.practice)) await this.papers.require(tx, by.practice, proposed.effectiveFrom);
    await this.versions.sign(tx, proposed, signature);
    tx.audit.record({ action: 'agreement.signed', entity: 'agreement', entityId: agreement, details: { version, hash, step: signature.step } });
    if (awaited({ ...proposed, signatures: [...proposed.signatures, signature] }).length > 0) return;
    const before = this.known.agreed(all);
    if (before) {
      await this.versions.endBy(tx, agreement, before.version, proposed.effectiveFrom);
      const end = before.effectiveTo === null || before.effectiveTo > proposed.effectiveFrom ? proposed.effectiveFrom : before.effectiveTo;
      tx.outbox.add(agreementChanged(before, before.status, end));
    }
    await this.versions.setStatus(tx, agreement, version, 'approved');
    tx.outbox.add(agreementChanged(proposed, 'approved'));
    tx.audit.record({ action: 'agreement.approved', entity: 'agreement', entityId: agreement, details: { version, hash } });
  }
}
