import { type Instant, type LocalDate, type LocalTime, type Zone, addDays, daysBetween, instantOf, localDateOf, localTimeOf, offsetAt } from '@slotmesh/kernel';
import fc from 'fast-check';
import { startsOf } from './recurrence';

const zones = ['America/Denver', 'America/New_York', 'America/Phoenix'] as Zone[];
const at = (date: string, time: string, zone: string): Instant => instantOf(date as LocalDate, time as LocalTime, zone as Zone);
const dates = (rule: string, date: string, zone = 'America/Denver') => startsOf(rule, at(date, '09:30', zone), zone as Zone).map((each) => each.date);

describe('the dates of a series', () => {
  test('P6: over every change of the clock all visits keep the wall time of the first, at the distance that the rule says', () => {
    const days = fc.integer({ min: 0, max: 900 });
    fc.assert(fc.property(fc.constantFrom(...zones), days, fc.integer({ min: 0, max: 287 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 20 }), (zone, day, slot, interval, count) => {
      const time = `${String(Math.floor(slot / 12)).padStart(2, '0')}:${String((slot % 12) * 5).padStart(2, '0')}` as LocalTime;
      const date = addDays('2026-01-01' as LocalDate, day);
      const first = instantOf(date, time, zone);
      const starts = startsOf(`FREQ=WEEKLY;INTERVAL=${interval};COUNT=${count}`, first, zone);
      expect(starts).toHaveLength(count);
      for (const [i, { date: on, start }] of starts.entries()) {
        expect(daysBetween(date, on)).toBe(i * interval * 7);
        expect(localDateOf(start, zone)).toBe(on);
        // In the gap the wall time does not exist; the visit moves forward by it.
        const gap = offsetAt(start - 3_600_000 * 3, zone) < offsetAt(start, zone) && localTimeOf(start, zone) !== localTimeOf(first, zone);
        if (!gap) expect(localTimeOf(start, zone)).toBe(localTimeOf(first, zone));
      }
    }), { numRuns: 300 });
  });

  test('P6: every Tuesday at 02:30 in New York is at 03:30 on the day of the gap only, and Phoenix knows no gap', () => {
    const sundays = (zone: string) => startsOf('FREQ=WEEKLY;COUNT=3', at('2027-03-07', '02:30', zone), zone as Zone).map(({ start }) => localTimeOf(start, zone as Zone));
    expect(sundays('America/New_York')).toEqual(['02:30', '03:30', '02:30']);
    expect(sundays('America/Phoenix')).toEqual(['02:30', '02:30', '02:30']);
  });

  test('a rule may count or end at a date or an instant, both inclusive, and may name days of the week and of the month', () => {
    expect(dates('FREQ=WEEKLY;INTERVAL=2;COUNT=3', '2026-12-01')).toEqual(['2026-12-01', '2026-12-15', '2026-12-29']);
    expect(dates('RRULE:FREQ=WEEKLY;UNTIL=20261215', '2026-12-01')).toEqual(['2026-12-01', '2026-12-08', '2026-12-15']);
    expect(dates('FREQ=WEEKLY;UNTIL=20261215T163000Z', '2026-12-01')).toEqual(['2026-12-01', '2026-12-08', '2026-12-15']);
    expect(dates('FREQ=WEEKLY;UNTIL=20261215T162959Z', '2026-12-01')).toEqual(['2026-12-01', '2026-12-08']);
    expect(dates('FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4', '2026-12-01')).toEqual(['2026-12-01', '2026-12-03', '2026-12-08', '2026-12-10']);
    expect(dates('FREQ=MONTHLY;BYDAY=1TU;COUNT=3', '2026-12-01')).toEqual(['2026-12-01', '2027-01-05', '2027-02-02']);
  });

  test.each([
    'FREQ=WEEKLY', 'FREQ=WEEKLY;COUNT=2;UNTIL=20270101', 'FREQ=WEEKLY;COUNT=53', 'FREQ=DAILY;UNTIL=20270301', 'FREQ=HOURLY;COUNT=3', 'FREQ=WEEKLY;INTERVAL=0;COUNT=3', 'FREQ=WEEKLY;COUNT=3;BYHOUR=9',
    'FREQ=WEEKLY;BYDAY=MO;COUNT=3', 'FREQ=MONTHLY;INTERVAL=12;COUNT=20', 'FREQ=WEEKLY;UNTIL=20261331', 'FREQ=WEEKLY;UNTIL=22000101', 'FREQ=WEEKLY;COUNT=2;COUNT=3', 'DTSTART;TZID=America/Denver:20261201T093000', 'nonsense', '', 'FREQ=MONTHLY;BYDAY=2TU;COUNT=2', 'FREQ=DAILY;BYSETPOS=5;COUNT=2', 'FREQ=MONTHLY;BYDAY=1TU;BYMONTHDAY=20;COUNT=2', 'FREQ=DAILY;INTERVAL=7;BYDAY=WE;COUNT=2',
  ])('a rule without an end that a desk can mean is refused: %s', (rule) => {
    expect(() => dates(rule, '2026-12-01')).toThrow(expect.objectContaining({ code: 'recurrence-rule-refused' }));
  });
});
