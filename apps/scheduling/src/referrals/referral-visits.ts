import { Injectable } from '@nestjs/common';
import type { AppointmentId, Instant, PatientId, PracticeId, ReferralId, ServiceCode, Zone } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { ChangeReferral } from './commands/change-referral';
import { type Referral, requireCovered, sideOf, steppable, take } from './domain/referral';
import { ReferralOfAnother } from './domain/referral.errors';
import { allowedSteps } from './domain/transitions';

interface VisitTime {
  readonly service: ServiceCode;
  readonly start: Instant;
  readonly zone: Zone;
}
/** A visit as far as its referral follows it. */
export interface ReferredVisit extends VisitTime {
  readonly id: AppointmentId;
  readonly referral: ReferralId | null;
}

/**
 * A visit that was booked from a referral takes the referral with it, in the same transaction, whichever practice acts. The referral is locked behind the
 * appointment and before the person (P1): every caller has the resources and its appointment already, and takes the person's time and quotas afterwards.
 */
@Injectable()
export class ReferralVisits {
  constructor(private readonly change: ChangeReferral) {}

  /** For a visit that is about to be: the referral must be this patient's, for this practice and service, and ready. Throws ReferralUnknown, ReferralOfAnother, ReferralStepNotAllowed, AuthorisationExpired. */
  async book(tx: Tx, practice: PracticeId, referral: ReferralId, visit: VisitTime & { readonly id: AppointmentId; readonly host: PracticeId; readonly patient: PatientId }): Promise<void> {
    const before = await this.change.locked(tx, referral, null);
    if (visit.patient !== (sideOf(before, practice) === 'sender' ? before.patient : before.receiverPatient)) throw new ReferralOfAnother('patient');
    if (visit.host !== before.receiver) throw new ReferralOfAnother('practice');
    await this.schedule(tx, before, visit);
  }

  async move(tx: Tx, visit: ReferredVisit, to: VisitTime): Promise<void> {
    const before = await this.followed(tx, visit);
    if (before === null) return;
    requireFits(before, to);
    await this.change.keep(tx, before, take(before, 'move', 'visit', tx.now, { visitAt: to.start }), 'move', 'visit');
  }

  /** The visit is over: the patient was seen, or it was called off or missed and the referral is as it was before, with a new due time. */
  async end(tx: Tx, visit: ReferredVisit, step: 'see' | 'miss'): Promise<void> {
    const before = await this.followed(tx, visit);
    if (before !== null) await this.change.keep(tx, before, take(before, step, 'visit', tx.now), step, 'visit');
  }

  /** A missed visit that takes place after all is the referral's again, unless another was booked or the referral is over. */
  async reopen(tx: Tx, visit: ReferredVisit): Promise<void> {
    if (visit.referral === null) return;
    const before = await this.change.locked(tx, visit.referral, null);
    if (before.appointment === null && allowedSteps(steppable(before), 'visit').includes('schedule')) await this.schedule(tx, before, visit);
  }

  private async schedule(tx: Tx, before: Referral, visit: VisitTime & { readonly id: AppointmentId }): Promise<void> {
    const after = take(before, 'schedule', 'visit', tx.now, { appointment: visit.id, visitAt: visit.start });
    requireFits(before, visit);
    await this.change.keep(tx, before, after, 'schedule', 'visit');
  }

  /** Null: the visit has no referral, or the referral follows another visit by now. */
  private async followed(tx: Tx, visit: ReferredVisit): Promise<Referral | null> {
    if (visit.referral === null) return null;
    const referral = await this.change.locked(tx, visit.referral, null);
    return referral.appointment === visit.id ? referral : null;
  }
}

function requireFits(referral: Referral, visit: VisitTime): void {
  if (visit.service !== referral.service) throw new ReferralOfAnother('service');
  requireCovered(referral, visit.start, visit.zone);
}
