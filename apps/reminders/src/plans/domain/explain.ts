import { type Instant, type Zone, formatInstant, localDateOf, localTimeOf, type QuietHours, isQuiet } from '@slotmesh/kernel';
import type { PlanStep, StepWhen } from './plan';
import type { Shift, StepTime, TimeSkip } from './step-time';

const skips: Readonly<Record<TimeSkip, string>> = {
  'past-when-booked': 'its time had passed when the visit was booked',
  'thanked-by-text': 'the patient did it by text and is thanked by text for that answer',
  'just-booked': 'the patient has just booked and needs no reminder of it',
  'short-lead': 'the visit was booked too few days ahead for this step',
  'stale-when-booked': 'it would have been stale when the visit was booked',
  'no-permitted-time': 'quiet hours leave no time for it',
  'visit-over': 'the visit had begun',
  'past-when-recorded': 'its time had passed when the outcome of the visit was recorded',
  'stale-when-recorded': 'it would have been stale when the outcome of the visit was recorded',
};

export const explainSkip = (reason: TimeSkip): string => skips[reason];

export function explainShift(shift: Shift, idealAt: Instant, quiet: QuietHours, zone: Zone): string {
  const time = localTimeOf(idealAt, zone);
  // Why not of quiet hours: what only had to be late is not moved by them.
  const why = `${time} lies in the patient's quiet hours (${quiet.from} to ${quiet.until}) or too close to the visit`;
  if (shift === 'earlier') return `${why}, and waiting would be too late; it goes before they begin`;
  return isQuiet(idealAt, quiet, zone) ? `${why}; it waits until they end` : 'its time had passed already; it goes at the next permitted time';
}

function explainLate(dueAt: Instant, idealAt: Instant, zone: Zone, isCall: boolean): string {
  const what = isCall ? 'somebody phones' : 'it goes all the same, because it is not stale';
  return `its time, ${wallTime(idealAt, zone)}, had passed already; ${what}, as soon as quiet hours permit, at ${wallTime(dueAt, zone)}`;
}

/** An instant as the patient's wall clock shows it. */
export const wallTime = (at: Instant, zone: Zone): string => `${localDateOf(at, zone)} ${localTimeOf(at, zone)}`;

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const outcomes = { noshow: 'was missed', fulfilled: 'took place' } as const;

/** A step's place in words. */
export function explainWhen(when: StepWhen): string {
  switch (when.kind) {
    case 'at-once': return `at once when the visit is ${when.on}`;
    case 'days-before': return `${count(when.days, 'day')} before the visit at ${when.at}`;
    case 'hours-before': return `${count(when.hours, 'hour')} before the visit`;
    case 'days-after': return `${count(when.days, 'day')} after a visit that ${outcomes[when.on]}, at ${when.at}`;
    case 'hours-after': return `${count(when.hours, 'hour')} after a visit that ${outcomes[when.on]}`;
  }
}

/** On what a step still depends when its time comes. */
export function explainConditions(step: PlanStep): string[] {
  return [
    ...(step.whenConfirmed === 'skip' ? ['only where the patient has not confirmed'] : []),
    ...(step.risk === 'high' ? ['only for a patient at high risk to miss the visit'] : []),
    ...(step.action === 'call' && step.reached === 'nobody' ? ['only where the last message has reached nobody'] : []),
  ];
}

/** A step's time for people: when, and why then or why not. */
export function shownTime(time: StepTime, quiet: QuietHours, zone: Zone, isCall = false) {
  if (time.kind === 'skipped') return { result: 'skipped' as const, reason: time.reason, why: explainSkip(time.reason), idealAt: formatInstant(time.idealAt), idealWallTime: wallTime(time.idealAt, zone), dueAt: null, wallTime: null, expiresAt: null, shift: null, zone };
  const why = time.late ? explainLate(time.dueAt, time.idealAt, zone, isCall) : time.shift === null ? 'at the time the plan says' : explainShift(time.shift, time.idealAt, quiet, zone);
  return {
    result: 'planned' as const, reason: null, why,
    idealAt: formatInstant(time.idealAt), idealWallTime: wallTime(time.idealAt, zone), dueAt: formatInstant(time.dueAt), wallTime: wallTime(time.dueAt, zone), expiresAt: formatInstant(time.expiresAt), shift: time.shift, zone,
  };
}
