import { type Instant, type Zone, formatInstant, localDateOf, localTimeOf, type QuietHours } from '@slotmesh/kernel';
import type { Shift, StepTime, TimeSkip } from './step-time';

const skips: Readonly<Record<TimeSkip, string>> = {
  'past-when-booked': 'its time had passed when the visit was booked',
  'thanked-by-text': 'the patient did it by text and is thanked by text for that answer',
  'just-booked': 'the patient has just booked and needs no reminder of it',
  'short-lead': 'the visit was booked too few days ahead for this step',
  'no-permitted-time': 'quiet hours leave no time between booking and visit',
  'visit-over': 'the visit had begun',
};

export const explainSkip = (reason: TimeSkip): string => skips[reason];

export function explainShift(shift: Shift, idealAt: Instant, quiet: QuietHours, zone: Zone): string {
  const why = `${localTimeOf(idealAt, zone)} lies in the patient's quiet hours (${quiet.from} to ${quiet.until}) or too close to the visit`;
  return shift === 'later' ? `${why}; it waits until they end` : `${why}, and waiting would be too late; it goes before they begin`;
}

/** An instant as the patient's wall clock shows it. */
export const wallTime = (at: Instant, zone: Zone): string => `${localDateOf(at, zone)} ${localTimeOf(at, zone)}`;

/** A step's time for people: when, and why then or why not. */
export function shownTime(time: StepTime, quiet: QuietHours, zone: Zone) {
  if (time.kind === 'skipped') return { result: 'skipped' as const, reason: time.reason, why: explainSkip(time.reason), idealAt: formatInstant(time.idealAt), idealWallTime: wallTime(time.idealAt, zone), dueAt: null, wallTime: null, expiresAt: null, shift: null, zone };
  return {
    result: 'planned' as const, reason: null, why: time.shift === null ? 'at the time the plan says' : explainShift(time.shift, time.idealAt, quiet, zone),
    idealAt: formatInstant(time.idealAt), idealWallTime: wallTime(time.idealAt, zone), dueAt: formatInstant(time.dueAt), wallTime: wallTime(time.dueAt, zone), expiresAt: formatInstant(time.expiresAt), shift: time.shift, zone,
  };
}
