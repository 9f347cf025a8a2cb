import { HOUR, type Instant, MINUTE, type Zone, addDays, daysBetween, instant, instantOf, localDateOf, plusMinutes, plusMs, type QuietHours, isQuiet, nextPermitted, previousPermitted } from '@slotmesh/kernel';
import type { PlanStep, Trigger } from './plan';

/** A reminder closer to the visit than this helps nobody. */
const LAST_DUE_BEFORE_VISIT = HOUR;
/** A reminder may wait in a queue until this long before the visit, never longer (P15). */
const LAST_SEND_BEFORE_VISIT = 30 * MINUTE;
/** Whoever has just booked needs no reminder of it. */
const GAP_AFTER_CHANGE = 2 * HOUR;

/** The change of the visit that a plan is applied to. */
export interface VisitChange {
  readonly trigger: Trigger | null;
  /** The patient did it, or was at the desk or the phone while it was done: the message answers that act and goes at once (P15). */
  readonly answersPatient: boolean;
  /** The patient did it by text and is thanked by text for that very answer; a second text would say the same. */
  readonly thankedByText?: boolean;
  readonly at: Instant;
}
export interface PatientTime {
  readonly zone: Zone;
  readonly quiet: QuietHours;
}

export type Shift = 'later' | 'earlier';
export type TimeSkip = 'past-when-booked' | 'just-booked' | 'short-lead' | 'no-permitted-time' | 'visit-over' | 'thanked-by-text';
export type StepTime =
  | { readonly kind: 'planned'; readonly idealAt: Instant; readonly dueAt: Instant; readonly expiresAt: Instant; readonly shift: Shift | null }
  | { readonly kind: 'skipped'; readonly idealAt: Instant; readonly reason: TimeSkip };

/**
 * Fixes when a step is due, or says why it is not sent. Calendar days and wall time of the patient's zone (P6); out of quiet hours, later where that still
 * helps, else earlier, never after the visit (P15).
 */
export function fixStepTime(step: PlanStep, visitStart: Instant, patient: PatientTime, change: VisitChange): StepTime {
  return step.when.kind === 'at-once' ? atOnce(step, visitStart, patient, change) : daysBefore(step, step.when, visitStart, patient, change);
}

function atOnce(step: PlanStep, visitStart: Instant, { zone, quiet }: PatientTime, change: VisitChange): StepTime {
  const idealAt = change.at;
  if (visitStart <= change.at) return { kind: 'skipped', idealAt, reason: 'visit-over' };
  if (change.thankedByText && step.companionOf === null) return { kind: 'skipped', idealAt, reason: 'thanked-by-text' };
  const waits = !change.answersPatient && !step.mustReach;
  const dueAt = waits ? nextPermitted(idealAt, quiet, zone) : idealAt;
  if (dueAt >= visitStart) return { kind: 'skipped', idealAt, reason: 'no-permitted-time' };
  return { kind: 'planned', idealAt, dueAt, expiresAt: earlier(plusMinutes(dueAt, step.staleAfterMinutes), visitStart), shift: dueAt > idealAt ? 'later' : null };
}

function daysBefore(step: PlanStep, when: Extract<PlanStep['when'], { kind: 'days-before' }>, visitStart: Instant, { zone, quiet }: PatientTime, change: VisitChange): StepTime {
  const visitDate = localDateOf(visitStart, zone);
  const idealAt = instantOf(addDays(visitDate, -when.days), when.at, zone);
  const skipped = (reason: TimeSkip): StepTime => ({ kind: 'skipped', idealAt, reason });
  if (visitStart <= change.at) return skipped('visit-over');
  if (daysBetween(localDateOf(change.at, zone), visitDate) < step.minLeadDays) return skipped('short-lead');
  if (idealAt < change.at) return skipped('past-when-booked');
  const earliest = plusMs(change.at, GAP_AFTER_CHANGE);
  if (idealAt < earliest) return skipped('just-booked');
  const latest = plusMs(visitStart, -LAST_DUE_BEFORE_VISIT);
  const dueAt = permitted(idealAt, earliest, latest, quiet, zone);
  if (dueAt === null) return skipped('no-permitted-time');
  const expiresAt = earlier(plusMinutes(dueAt, step.staleAfterMinutes), plusMs(visitStart, -LAST_SEND_BEFORE_VISIT));
  return { kind: 'planned', idealAt, dueAt, expiresAt, shift: dueAt === idealAt ? null : dueAt > idealAt ? 'later' : 'earlier' };
}

function permitted(idealAt: Instant, earliest: Instant, latest: Instant, quiet: QuietHours, zone: Zone): Instant | null {
  const later = nextPermitted(idealAt, quiet, zone);
  if (later <= latest) return later;
  const before = previousPermitted(earlier(idealAt, latest), quiet, zone);
  if (before >= earliest) return before;
  // Why: the evening before may lie before the booking while the start of the permitted window does not; the gap itself may be free.
  return earliest <= latest && earliest <= idealAt && !isQuiet(earliest, quiet, zone) ? earliest : null;
}

const earlier = (a: Instant, b: Instant): Instant => instant(Math.min(a, b));
