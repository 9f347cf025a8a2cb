import { DAY, HOUR, type Instant, type LocalTime, MINUTE, addDays, daysBetween, formatInstant, instant, localDateOf, localTimeOf, parseInstant, parseZone, plusMs, DEFAULT_QUIET_HOURS, isQuiet } from '@slotmesh/kernel';
import fc from 'fast-check';
import { defaultPlanSteps } from './default-plan';
import { fixStepTimes } from './plan-steps';
import { type PatientTime, type VisitChange, type VisitTimes, fixStepTime } from './step-time';

const zones = ['America/New_York', 'America/Denver', 'America/Phoenix', 'America/Chicago', 'America/Los_Angeles', 'America/Anchorage', 'Pacific/Honolulu', 'America/St_Johns', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu'].map(parseZone);
const step = (id: string) => defaultPlanSteps.find((found) => found.id === id)!;
const at = (start: Instant): VisitTimes => ({ start, end: plusMs(start, HOUR / 2) });
const inBoston: PatientTime = { zone: parseZone('America/New_York'), quiet: DEFAULT_QUIET_HOURS };
const booked = (at: string): VisitChange => ({ trigger: 'booked', answersPatient: true, at: parseInstant(at) });
const dueOf = (id: string, visit: string, change: VisitChange, patient = inBoston) => {
  const time = fixStepTime(step(id), at(parseInstant(visit)), patient, change);
  return time.kind === 'planned' ? formatInstant(time.dueAt) : time.reason;
};

describe('the time of a step', () => {
  it('is 10:00 of the patient, calendar days before, also where the clock changes in between', () => {
    // Sunday 2026-11-01 the clock goes back: 72 hours before would be 11:00.
    expect(dueOf('text-3d', '2026-11-02T15:00:00Z', booked('2026-10-01T12:00:00Z'))).toBe('2026-10-30T14:00:00.000Z');
    expect(dueOf('text-1d', '2026-11-02T15:00:00Z', booked('2026-10-01T12:00:00Z'))).toBe('2026-11-01T15:00:00.000Z');
    expect(dueOf('text-1d', '2027-03-14T15:00:00Z', booked('2027-03-01T12:00:00Z'))).toBe('2027-03-13T15:00:00.000Z');
  });

  it('leaves the text away where the patient did it by text and is thanked for that answer; the mail with the calendar entry still goes', () => {
    const byText: VisitChange = { trigger: 'cancelled', answersPatient: true, thankedByText: true, at: parseInstant('2026-10-01T12:00:00Z') };
    expect(dueOf('cancelled', '2026-11-02T15:00:00Z', byText)).toBe('thanked-by-text');
    expect(dueOf('cancelled-email', '2026-11-02T15:00:00Z', byText)).toBe('2026-10-01T12:00:00.000Z');
  });

  it("counts days in the patient's zone, not in the site's", () => {
    // 23:30 in Denver is the next day in New York.
    expect(dueOf('text-1d', '2026-07-02T05:30:00Z', booked('2026-06-01T12:00:00Z'), { ...inBoston, zone: parseZone('America/Denver') })).toBe('2026-06-30T16:00:00.000Z');
    expect(dueOf('text-1d', '2026-07-02T05:30:00Z', booked('2026-06-01T12:00:00Z'))).toBe('2026-07-01T14:00:00.000Z');
  });

  it('P14: a step whose time has passed when the visit is booked is skipped with its reason', () => {
    expect(dueOf('text-3d', '2026-07-03T15:00:00Z', booked('2026-07-01T12:00:00Z'))).toBe('past-when-booked');
    expect(dueOf('text-1d', '2026-07-02T15:00:00Z', booked('2026-07-01T13:00:00Z'))).toBe('just-booked');
    expect(dueOf('email-5d', '2026-07-09T15:00:00Z', booked('2026-07-01T12:00:00Z'))).toBe('short-lead');
    expect(dueOf('email-5d', '2026-07-11T15:00:00Z', booked('2026-07-01T12:00:00Z'))).toBe('2026-07-06T14:00:00.000Z');
    expect(dueOf('confirmation', '2026-07-01T11:00:00Z', booked('2026-07-01T12:00:00Z'))).toBe('visit-over');
  });

  it('P15: the answer to a booking goes at once, what the system booked waits for the morning', () => {
    expect(dueOf('confirmation', '2026-07-09T15:00:00Z', booked('2026-07-01T03:00:00Z'))).toBe('2026-07-01T03:00:00.000Z');
    expect(dueOf('confirmation', '2026-07-09T15:00:00Z', { ...booked('2026-07-01T03:00:00Z'), answersPatient: false })).toBe('2026-07-01T12:00:00.000Z');
    expect(dueOf('cancelled', '2026-07-09T15:00:00Z', { trigger: 'cancelled', answersPatient: false, at: parseInstant('2026-07-01T03:00:00Z') })).toBe('2026-07-01T03:00:00.000Z');
  });

  it('P15: out of quiet hours it moves later where that helps and earlier where it would be late', () => {
    const sleepsByDay = { ...inBoston, quiet: { from: '07:00' as LocalTime, until: '15:00' as LocalTime } };
    expect(dueOf('text-1d', '2026-07-02T17:00:00Z', booked('2026-06-01T12:00:00Z'), sleepsByDay)).toBe('2026-07-01T19:00:00.000Z');
    const mostlyQuiet = { ...inBoston, quiet: { from: '09:30' as LocalTime, until: '08:30' as LocalTime } };
    // The next permitted time, 8:30 on the day, is less than an hour before the visit; the window before is 8:30 to 9:30 the day before.
    expect(dueOf('text-1d', '2026-07-02T13:00:00Z', booked('2026-06-01T12:00:00Z'), mostlyQuiet)).toBe('2026-07-01T12:30:00.000Z');
  });

  it('P15: never in quiet hours, never after the visit, never before the booking: eleven zones, all clock changes, any quiet hours', () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((found) => `${String(Math.floor(found / 60)).padStart(2, '0')}:${String(found % 60).padStart(2, '0')}` as LocalTime);
    const base = parseInstant('2026-01-01T00:00:00Z');
    const visitMinutes = fc.oneof(
      fc.integer({ min: 0, max: 730 * 24 * 60 }),
      ...['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04'].map((date) => fc.integer({ min: -24 * 60, max: 6 * 24 * 60 }).map((after) => (Date.parse(`${date}T08:00:00Z`) - base) / MINUTE + after)),
    );
    let planned = 0;
    fc.assert(fc.property(fc.constantFrom(...zones), fc.record({ from: minute, until: minute }), visitMinutes, fc.integer({ min: 1, max: 40 * 24 * 60 }), fc.boolean(), (zone, quiet, visitMinute, leadMinutes, answersPatient) => {
      const visit = instant(base + visitMinute * MINUTE);
      const change: VisitChange = { trigger: 'booked', answersPatient, at: instant(visit - leadMinutes * MINUTE) };
      for (const { step, time } of fixStepTimes(defaultPlanSteps, at(visit), { zone, quiet }, change)) {
        if (time.kind === 'skipped') continue;
        planned++;
        const free = answersPatient && step.when.kind === 'at-once';
        expect(free || !isQuiet(time.dueAt, quiet, zone)).toBe(true);
        expect(time.dueAt).toBeLessThan(visit);
        expect(time.dueAt).toBeLessThan(time.expiresAt);
        expect(time.expiresAt).toBeLessThanOrEqual(visit);
        expect(time.dueAt).toBeGreaterThanOrEqual(change.at);
        expect(Math.abs(time.dueAt - time.idealAt)).toBeLessThanOrEqual(DAY + 2 * HOUR);
        if (step.when.kind === 'days-before' && time.shift === null) {
          expect(localTimeOf(time.dueAt, zone)).toBe(step.when.at);
          expect(daysBetween(localDateOf(time.dueAt, zone), localDateOf(visit, zone))).toBe(step.when.days);
          expect(localDateOf(time.dueAt, zone)).toBe(addDays(localDateOf(visit, zone), -step.when.days));
        }
      }
    }), { numRuns: 2_000 });
    expect(planned).toBeGreaterThan(2_000);
  });

  it('P15: a long lead with time to choose is never skipped for quiet hours that leave an hour a day', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 22 }), fc.integer({ min: 0, max: 365 * 24 }), (zone, from, length, hour) => {
      const clock = (hours: number) => `${String(hours % 24).padStart(2, '0')}:00` as LocalTime;
      const visit = instant(parseInstant('2026-02-01T00:00:00Z') + hour * HOUR);
      for (const id of ['text-3d', 'text-1d', 'email-5d']) {
        expect(fixStepTime(step(id), at(visit), { zone, quiet: { from: clock(from), until: clock(from + length) } }, { trigger: 'booked', answersPatient: true, at: instant(visit - 20 * DAY) }).kind).toBe('planned');
      }
    }), { numRuns: 500 });
  });
});
