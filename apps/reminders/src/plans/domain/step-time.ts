import { HOUR, type Instant, MINUTE, type Zone, addDays, daysBetween, instant, instantOf, localDateOf, plusMinutes, plusMs, type QuietHours, isQuiet, nextPermitted, previousPermitted } from '@slotmesh/kernel';
import type { PlanStep, Trigger, VisitOutcome } from './plan';

/** A reminder closer to the visit than this helps nobody. */
const LAST_DUE_BEFORE_VISIT = HOUR;
/** A reminder may wait in a queue until this long before the visit, never longer (P15). */
const LAST_SEND_BEFORE_VISIT = 30 * MINUTE;
/** Whoever has just booked needs no reminder of it. */
const GAP_AFTER_CHANGE = 2 * HOUR;

/** The change of the visit that a plan is applied to. */
export interface VisitChange {
  /** Null: nothing was said to the patient, only the times are fixed again. */
  readonly trigger: Trigger | VisitOutcome | null;
  /** The patient did it, or was at the desk or the phone while it was done: the message answers that act and goes at once (P15). */
  readonly answersPatient: boolean;
  /** The patient did it by text and is thanked by text for that very answer; a second text would say the same. */
  readonly thankedByText?: boolean;
  readonly at: Instant;
}
export interface VisitTimes {
  readonly start: Instant;
  readonly end: Instant;
}
export interface PatientTime {
  readonly zone: Zone;
  readonly quiet: QuietHours;
}

export type Shift = 'later' | 'earlier';
export type TimeSkip = 'past-when-booked' | 'just-booked' | 'short-lead' | 'stale-when-booked' | 'no-permitted-time' | 'visit-over' | 'thanked-by-text' | 'past-when-recorded' | 'stale-when-recorded';
export type StepTime =
  /** `late`: its time had passed already, and its plan wants it all the same. */
  | { readonly kind: 'planned'; readonly idealAt: Instant; readonly dueAt: Instant; readonly expiresAt: Instant; readonly shift: Shift | null; readonly late: boolean }
  | { readonly kind: 'skipped'; readonly idealAt: Instant; readonly reason: TimeSkip };

/**
 * Fixes when a step is due, or says why it is not sent. Calendar days and wall time of the patient's zone (P6); out of quiet hours, later where that still
 * helps, else earlier, never after the visit (P15); what follows the visit only moves later.
 */
export function fixStepTime(step: PlanStep, visit: VisitTimes, patient: PatientTime, change: VisitChange): StepTime {
  const { when } = step;
  const dayAt = (days: number, at: Parameters<typeof instantOf>[1]): Instant => instantOf(addDays(localDateOf(visit.start, patient.zone), days), at, patient.zone);
  switch (when.kind) {
    case 'at-once': return atOnce(step, visit.start, patient, change);
    case 'days-before': return before(step, dayAt(-when.days, when.at), visit.start, patient, change);
    case 'hours-before': return before(step, plusMs(visit.start, -when.hours * HOUR), visit.start, patient, change);
    case 'days-after': return after(step, dayAt(when.days, when.at), visit, patient, change);
    case 'hours-after': return after(step, plusMs(visit.end, when.hours * HOUR), visit, patient, change);
  }
}

function atOnce(step: PlanStep, visitStart: Instant, { zone, quiet }: PatientTime, change: VisitChange): StepTime {
  const idealAt = change.at;
  if (visitStart <= change.at) return { kind: 'skipped', idealAt, reason: 'visit-over' };
  const isCompanion = step.action === 'message' && step.companionOf !== null;
  if (change.thankedByText && !isCompanion) return { kind: 'skipped', idealAt, reason: 'thanked-by-text' };
  const waits = !change.answersPatient && !(step.action === 'message' && step.mustReach);
  const dueAt = waits ? nextPermitted(idealAt, quiet, zone) : idealAt;
  if (dueAt >= visitStart) return { kind: 'skipped', idealAt, reason: 'no-permitted-time' };
  return { kind: 'planned', idealAt, dueAt, expiresAt: earlier(plusMinutes(dueAt, step.staleAfterMinutes), visitStart), shift: shiftOf(dueAt, idealAt), late: false };
}

function before(step: PlanStep, idealAt: Instant, visitStart: Instant, { zone, quiet }: PatientTime, change: VisitChange): StepTime {
  const skipped = (reason: TimeSkip): StepTime => ({ kind: 'skipped', idealAt, reason });
  if (visitStart <= change.at) return skipped('visit-over');
  if (daysBetween(localDateOf(change.at, zone), localDateOf(visitStart, zone)) < step.minLeadDays) return skipped('short-lead');
  const late = idealAt < change.at;
  if (late && step.whenLate === 'skip') return skipped('past-when-booked');
  const earliest = late ? change.at : plusMs(change.at, GAP_AFTER_CHANGE);
  if (!late && idealAt < earliest) return skipped('just-booked');
  const dueAt = permitted(late ? change.at : idealAt, earliest, plusMs(visitStart, -LAST_DUE_BEFORE_VISIT), quiet, zone);
  if (dueAt === null) return skipped('no-permitted-time');
  const end = plusMs(visitStart, -LAST_SEND_BEFORE_VISIT);
  // Why a call never is stale: somebody phones in place of the message that is.
  const expiresAt = late && step.whenLate === 'call' ? end : earlier(plusMinutes(late ? idealAt : dueAt, step.staleAfterMinutes), end);
  if (expiresAt <= dueAt) return skipped('stale-when-booked');
  return { kind: 'planned', idealAt, dueAt, expiresAt, shift: shiftOf(dueAt, idealAt), late };
}

/** Counted from the visit, and not before its outcome is known: a visit without one is not written about. */
function after(step: PlanStep, idealAt: Instant, visit: VisitTimes, { zone, quiet }: PatientTime, change: VisitChange): StepTime {
  const skipped = (reason: TimeSkip): StepTime => ({ kind: 'skipped', idealAt, reason });
  const late = idealAt < change.at;
  if (late && step.whenLate === 'skip') return skipped('past-when-recorded');
  const expiresAt = plusMinutes(idealAt, step.staleAfterMinutes);
  const earliest = instant(Math.max(idealAt, change.at, visit.start));
  if (expiresAt <= earliest) return skipped('stale-when-recorded');
  const dueAt = nextPermitted(earliest, quiet, zone);
  if (dueAt >= expiresAt) return skipped('no-permitted-time');
  return { kind: 'planned', idealAt, dueAt, expiresAt, shift: shiftOf(dueAt, idealAt), late };
}

function permitted(idealAt: Instant, earliest: Instant, latest: Instant, quiet: QuietHours, zone: Zone): Instant | null {
  const later = nextPermitted(idealAt, quiet, zone);
  if (later <= latest) return later;
  const before = previousPermitted(earlier(idealAt, latest), quiet, zone);
  if (before >= earliest) return before;
  // Why: the evening before may lie before the booking while the start of the permitted window does not; the gap itself may be free.
  return earliest <= latest && earliest <= idealAt && !isQuiet(earliest, quiet, zone) ? earliest : null;
}

const shiftOf = (dueAt: Instant, idealAt: Instant): Shift | null => (dueAt === idealAt ? null : dueAt > idealAt ? 'later' : 'earlier');
const earlier = (a: Instant, b: Instant): Instant => instant(Math.min(a, b));
