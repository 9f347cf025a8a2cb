import { type Instant, type PracticeId, formatInstant } from '@slotmesh/kernel';
import { type Referral, sideOf, steppable, waitsForAt } from './domain/referral';
import { allowedSteps } from './domain/transitions';
import { snapshotOf } from './referral.events';

/** As a desk of one of the two sides sees it: its own record of the patient, whose turn it is, and what it may do next. The patient's choice only for the sender, who records it. */
export function viewOfReferral(referral: Referral, viewer: PracticeId, now: Instant) {
  const side = sideOf(referral, viewer);
  const { receiverPatient: _, waitsFor: __, dueAt, patient, ...rest } = snapshotOf(referral);
  const waitsFor = waitsForAt(referral, now);
  return {
    ...rest, direction: side === 'sender' ? 'sent' : 'received', patient: side === 'sender' ? patient : referral.receiverPatient, outside: referral.outside,
    dueAt, overdue: referral.dueAt !== null && referral.dueAt < now, waitsFor: waitsFor === null ? null : waitsFor === side ? 'us' : 'them',
    choice: side === 'sender' && referral.choice !== null ? { ...referral.choice, at: formatInstant(referral.choice.at) } : null, allowed: allowedSteps(steppable(referral), side),
  } as const;
}
export type ReferralView = ReturnType<typeof viewOfReferral>;
