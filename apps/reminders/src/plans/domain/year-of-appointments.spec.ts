import { DAY, DEFAULT_QUIET_HOURS, HOUR, type Instant, type LocalTime, MINUTE, type QuietHours, type Zone, addDays, formatInstant, instant, offsetAt, parseInstant, parseLocalDate, parseZone, plusMinutes } from '@slotmesh/kernel';
import fc from 'fast-check';
import type { Reach } from '../../patients/domain/reach';
import { decideDue } from '../../timers/domain/due-step';
import { explainSkip } from './explain';
import { networkPlanSteps } from './network-plan';
import { type PlanStep, isBefore, outcomeOf, storedSteps } from './plan';
import { type PlannedStep, fixStepTimes, stepsFor } from './plan-steps';
import type { VisitChange, VisitTimes } from './step-time';

const zones = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'America/Los_Angeles', 'America/Anchorage', 'Pacific/Honolulu', 'America/Puerto_Rico', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu'].map(parseZone);
const [yearStart, yearEnd] = [parseInstant('2027-01-01T00:00:00Z'), parseInstant('2028-01-01T00:00:00Z')];
const MINUTES_OF_YEAR = (yearEnd - yearStart) / MINUTE;

/** The wall clock as Intl reads it: not the code under test. */
const formats = new Map<Zone, Intl.DateTimeFormat>();
function wall(at: number, zone: Zone): { readonly date: string; readonly time: string } {
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })));
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { date: `${part['year']}-${part['month']}-${part['day']}`, time: `${part['hour']}:${part['minute']}` };
}
function quietAt(at: number, { from, until }: QuietHours, zone: Zone): boolean {
  const { time } = wall(at, zone);
  return from < until ? from <= time && time < until : from !== until && (from <= time || time < until);
}
/** Minutes of the year at which the zone's clock changes. */
const changesOf = (zone: Zone): number[] => Array.from({ length: 366 * 24 }, (_, hour) => hour * 60).filter((minute) => offsetAt(yearStart + minute * MINUTE, zone) !== offsetAt(yearStart + (minute - 60) * MINUTE, zone));

const minuteOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}` as LocalTime);
const quietHours = fc.oneof(fc.constant(DEFAULT_QUIET_HOURS), fc.record({ from: minuteOfDay, until: minuteOfDay }), fc.constantFrom('02:00', '02:30', '01:59', '03:00').map((time) => ({ from: time as LocalTime, until: '02:15' as LocalTime })));
/** Also within the hour that is skipped or comes twice. */
const timeOfDay = fc.oneof(minuteOfDay, fc.constantFrom('00:00', '01:30', '02:00', '02:15', '02:30', '10:00', '23:59'));
const when = fc.oneof(
  fc.record({ kind: fc.constant('at-once'), on: fc.constantFrom('booked', 'moved', 'cancelled') }),
  fc.record({ kind: fc.constant('days-before'), days: fc.integer({ min: 0, max: 14 }), at: timeOfDay }),
  fc.record({ kind: fc.constant('hours-before'), hours: fc.integer({ min: 1, max: 96 }) }),
  fc.record({ kind: fc.constant('days-after'), on: fc.constantFrom('noshow', 'fulfilled'), days: fc.integer({ min: 0, max: 7 }), at: timeOfDay }),
  fc.record({ kind: fc.constant('hours-after'), on: fc.constantFrom('noshow', 'fulfilled'), hours: fc.integer({ min: 1, max: 72 }) }),
);
const common = { when, minLeadDays: fc.constantFrom(0, 0, 0, 3), staleAfterMinutes: fc.integer({ min: 1, max: 5 * 24 * 60 }) };
const step = fc.oneof(
  fc.record({ ...common, action: fc.constant('message'), template: fc.constant('visit-reminder'), class: fc.constant('consented-care'), channels: fc.constant(['sms']), whenLate: fc.constantFrom('skip', 'send', 'call'), mustReach: fc.boolean() }),
  fc.record({ ...common, action: fc.constant('call'), whenLate: fc.constantFrom('skip', 'call') }),
);
const plan = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => storedSteps.parse(steps.map((one, n) => ({ ...one, id: `s${n}` }))));

const lead = fc.oneof(fc.integer({ min: 1, max: 40 * 24 * 60 }), fc.integer({ min: 1, max: 3 * 24 * 60 }), fc.integer({ min: -60, max: 60 }));
const outcomeDelay = fc.oneof(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 0, max: 6 * 24 * 60 }));
function visits(zone: Zone) {
  const changes = changesOf(zone);
  const any = fc.integer({ min: 0, max: MINUTES_OF_YEAR - 1 });
  if (changes.length === 0) return any;
  return fc.oneof(any, fc.tuple(fc.constantFrom(...changes), fc.oneof(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -8 * 24 * 60, max: 16 * 24 * 60 }))).map(([change, after]) => change + after));
}

/** Why once: to find the changes of a year takes longer than a thousand runs. */
const visitsIn = zones.map((zone) => fc.tuple(fc.constant(zone), visits(zone)));

function changeOf(trigger: VisitChange['trigger'], visit: VisitTimes, leadMinutes: number, delay: number, answersPatient: boolean): VisitChange {
  const at = trigger === 'noshow' || trigger === 'fulfilled' ? plusMinutes(visit.start, delay) : plusMinutes(visit.start, -leadMinutes);
  return { trigger, answersPatient: answersPatient && trigger !== null, at };
}

function check({ step, time }: PlannedStep, visit: VisitTimes, zone: Zone, quiet: QuietHours, change: VisitChange): void {
  if (time.kind === 'skipped') return void expect(explainSkip(time.reason)).toEqual(expect.any(String));
  const { idealAt, dueAt, expiresAt, shift, late } = time;
  const answers = step.when.kind === 'at-once' && (change.answersPatient || (step.action === 'message' && step.mustReach));
  expect([step.when.kind, answers || !quietAt(dueAt, quiet, zone)]).toEqual([step.when.kind, true]);
  expect(dueAt).toBeGreaterThanOrEqual(change.at);
  expect(dueAt).toBeLessThan(expiresAt);
  expect(shift).toBe(dueAt === idealAt ? null : dueAt > idealAt ? 'later' : 'earlier');
  if (outcomeOf(step.when) === null) {
    expect(dueAt).toBeLessThan(visit.start);
    expect(expiresAt).toBeLessThanOrEqual(visit.start);
  } else {
    expect(dueAt).toBeGreaterThanOrEqual(Math.max(idealAt, visit.start));
    expect(expiresAt).toBe(plusMinutes(idealAt, step.staleAfterMinutes));
  }
  if (isBefore(step.when)) {
    expect(visit.start - dueAt).toBeGreaterThanOrEqual(HOUR);
    // It moves out of quiet hours, or away from the visit, or because it is late, and for nothing else.
    if (!late && shift !== null) expect(quietAt(idealAt, quiet, zone) || visit.start - idealAt < HOUR).toBe(true);
  }
  // A time of day on the visit's own date may lie behind the visit: from there it only comes nearer.
  const near = isBefore(step.when) ? Math.min(idealAt, visit.start - HOUR) : idealAt;
  // Two days, because a permitted quarter of an hour may lie in the hour that is skipped.
  if (!late) expect(Math.abs(dueAt - near)).toBeLessThanOrEqual(2 * DAY + 2 * HOUR);
  checkIdeal(step, idealAt, visit, zone, change);
}

function checkIdeal({ when }: PlanStep, idealAt: Instant, visit: VisitTimes, zone: Zone, change: VisitChange): void {
  if (when.kind === 'at-once') return void expect(idealAt).toBe(change.at);
  if (when.kind === 'hours-before') return void expect(visit.start - idealAt).toBe(when.hours * HOUR);
  if (when.kind === 'hours-after') return void expect(idealAt - visit.end).toBe(when.hours * HOUR);
  const wanted = addDays(parseLocalDate(wall(visit.start, zone).date), when.kind === 'days-before' ? -when.days : when.days);
  const shown = wall(idealAt, zone);
  expect(shown.date).toBe(wanted);
  const readsAt = (at: number): boolean => wall(at, zone).time === when.at && wall(at, zone).date === wanted;
  // P6: a time in the gap moves forward, so that no instant reads it; of a time that comes twice it is the earlier.
  if (shown.time !== when.at) expect([-60, -30, 30, 60].some((minutes) => readsAt(idealAt + minutes * MINUTE))).toBe(false);
  else expect([-60, -30].some((minutes) => readsAt(idealAt + minutes * MINUTE))).toBe(false);
}

describe('a year of appointments in eleven zones', () => {
  it.each(zones)('P6 P15: on every day of the year the reminders of the network keep the wall time of %s, also over both changes of the clock', (zone) => {
    for (let day = 0; day < 365; day++) {
      const start = instant(yearStart + day * DAY + 20 * HOUR);
      const visit = { start, end: plusMinutes(start, 30) };
      const date = parseLocalDate(wall(start, zone).date);
      const times = fixStepTimes(networkPlanSteps, visit, { zone, quiet: DEFAULT_QUIET_HOURS }, { trigger: null, answersPatient: false, at: instant(start - 20 * DAY) });
      const shown = Object.fromEntries(times.map(({ step, time }) => [step.id, time.kind === 'planned' ? wall(time.dueAt, zone) : time.reason]));
      expect(shown).toEqual({
        'email-5d': { date: addDays(date, -5), time: '10:00' }, 'text-3d': { date: addDays(date, -3), time: '10:00' }, 'text-1d': { date: addDays(date, -1), time: '10:00' },
        'call-high-risk': { date: addDays(date, -7), time: '10:00' }, 'call-unreached': { date: addDays(date, -1), time: '12:00' },
      });
      const [note] = fixStepTimes(networkPlanSteps, visit, { zone, quiet: DEFAULT_QUIET_HOURS }, { trigger: 'noshow', answersPatient: false, at: visit.end });
      expect(note?.time.kind === 'planned' && wall(note.time.dueAt, zone)).toEqual({ date: addDays(date, 1), time: '08:00' });
    }
  });

  it.each(zones)('P15: %s: whatever the plan, the quiet hours, the visit and the moment of booking, every step is planned at a permitted time that helps, or skipped with a reason', (zone) => {
    const planned = new Set<string>();
    fc.assert(fc.property(plan, quietHours, visits(zone), lead, outcomeDelay, fc.boolean(), fc.constantFrom('booked', 'moved', 'cancelled', null, 'noshow', 'fulfilled'), (steps, quiet, minute, leadMinutes, delay, answersPatient, trigger) => {
      const start = instant(yearStart + minute * MINUTE);
      const visit = { start, end: plusMinutes(start, 45) };
      const change = changeOf(trigger, visit, leadMinutes, delay, answersPatient);
      const times = fixStepTimes(steps, visit, { zone, quiet }, change);
      expect(times.map(({ step }) => step)).toEqual(stepsFor(steps, change));
      for (const one of times) {
        check(one, visit, zone, quiet, change);
        if (one.time.kind === 'planned') planned.add(one.step.when.kind);
      }
    }), { numRuns: 600 });
    expect([...planned].sort()).toEqual(['at-once', 'days-after', 'days-before', 'hours-after', 'hours-before']);
  });

  it('P15 P16: however late a step is taken after an outage, it goes at a permitted time before it is stale, or waits for one, or ends with a reason', () => {
    const decided = new Set<string>();
    fc.assert(fc.property(fc.oneof(...visitsIn), plan, quietHours, lead, fc.constantFrom('booked', 'noshow', 'fulfilled'), fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 * 24 * 60 })), fc.boolean(), ([zone, minute], steps, quiet, leadMinutes, trigger, outage, answersPatient) => {
      const start = instant(yearStart + minute * MINUTE);
      const visit = { start, end: plusMinutes(start, 45) };
      const change = changeOf(trigger, visit, leadMinutes, 60, answersPatient);
      const reach: Reach = { zone, quiet, language: 'en', channels: ['sms', 'email'], barred: [], voiceOnly: false, textOnly: false, gone: null };
      const status = trigger === 'booked' ? 'booked' : trigger;
      for (const { step, time } of fixStepTimes(steps, visit, { zone, quiet }, change)) {
        if (time.kind === 'skipped') continue;
        const now = plusMinutes(time.dueAt, outage);
        const answers = step.when.kind === 'at-once' && change.answersPatient;
        const decision = decideDue({ step, revision: 1, idealAt: time.idealAt, expiresAt: time.expiresAt, answersPatient: answers }, steps, { revision: 1, status, confirmed: false, start, revisedAt: change.at }, reach, { risk: 'high', reached: false }, now);
        decided.add(decision.kind);
        const context = `${formatInstant(now)} ${decision.kind}`;
        if (decision.kind === 'request') {
          expect([context, now < time.expiresAt]).toEqual([context, true]);
          expect([context, answers || decision.mustReach || !quietAt(now, quiet, zone)]).toEqual([context, true]);
          if (outcomeOf(step.when) === null) expect([context, now < start]).toEqual([context, true]);
        } else if (decision.kind === 'defer') {
          expect([context, !quietAt(decision.until, quiet, zone) && decision.until > now && decision.until < time.expiresAt]).toEqual([context, true]);
        } else expect([context, decision.reason.length > 0]).toEqual([context, true]);
      }
    }), { numRuns: 2_000 });
    expect([...decided].sort()).toEqual(['call', 'defer', 'request', 'skip']);
  });
});
