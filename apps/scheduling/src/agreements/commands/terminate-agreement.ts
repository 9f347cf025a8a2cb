import { Injectable } from '@nestjs/common';
import { type AgreementId, type Instant, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { agreementChanged } from '../agreement-events';
import { AgreementTermsOf } from '../agreement-terms-of';
import { NoticeGiven, NoticeNotConfirmed } from '../domain/agreement.errors';
import { noticeEnd, requireStep, type Signatory } from '../domain/agreement-version';
import { AgreementVersionRepository } from '../persistence/agreement-version.repository';

/**
 * Notice to end an agreement for all its parties: one person of a practice gives it, a second one confirms it, and from then the days of notice run. A proposal that is open falls with it, and so does an approved version that would begin behind the end.
 * Throws AgreementUnknown, AgreementHasNoSuchStep (nothing is in force), NoPartyOfIt, NoticeNotConfirmed (the same person again), NoticeGiven.
 */
@Injectable()
export class TerminateAgreement {
  constructor(private readonly versions: AgreementVersionRepository, private readonly known: AgreementTermsOf) {}

  /** `wished`: not before this instant; the days of notice hold in any case. Returns when it ends, null while the second person is awaited. */
  async execute(tx: Tx, by: Signatory, agreement: AgreementId, reason: string, wished: Instant | null): Promise<Instant | null> {
    const all = await this.known.locked(tx, agreement, by.practice);
    const present = this.known.inForce(all);
    requireStep(present?.status ?? 'terminated', 'terminate');
    await this.known.requireParty(tx, present!, by.practice);
    const notices = await this.versions.noticesOf(tx, [agreement]);
    const standing = notices.find(({ endsAt }) => endsAt !== null);
    if (standing?.endsAt) throw new NoticeGiven(formatInstant(standing.endsAt));
    const own = notices.find(({ practice }) => practice === by.practice);
    if (!own) {
      await this.versions.giveNotice(tx, agreement, present!.practices, { practice: by.practice, reason, givenBy: by.subject, givenAt: tx.now });
      tx.audit.record({ action: 'agreement.notice-given', entity: 'agreement', entityId: agreement });
      return null;
    }
    if (own.givenBy === by.subject) throw new NoticeNotConfirmed();
    const endsAt = noticeEnd(tx.now, present!.terms.noticeDays, wished);
    await this.versions.confirmNotice(tx, agreement, by.practice, by.subject, tx.now, endsAt);
    for (const version of all) {
      if (version.status === 'proposed' || (version.status === 'approved' && version.effectiveFrom >= endsAt)) {
        await this.versions.end(tx, agreement, version.version, 'withdrawn', 'notice was given');
        tx.outbox.add(agreementChanged(version, 'terminated', version.effectiveFrom));
        continue;
      }
      if (version.status !== 'in-force' && version.status !== 'approved') continue;
      await this.versions.endBy(tx, agreement, version.version, endsAt);
      tx.outbox.add(agreementChanged(version, version.status, version.effectiveTo !== null && version.effectiveTo < endsAt ? version.effectiveTo : endsAt));
    }
    tx.audit.record({ action: 'agreement.notice-confirmed', entity: 'agreement', entityId: agreement, details: { endsAt: formatInstant(endsAt) } });
    return endsAt;
  }
}
