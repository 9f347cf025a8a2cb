import { DAY, HOUR, type Instant, type LocalDate, type LocalTime, MINUTE, type TimeRange, addDays, contains, intersect, parseZone, union } from '@slotmesh/kernel';
import fc from 'fast-check';
import { arrangeDays, wallDays } from './arrange-days';

const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'Pacific/Honolulu'].map(parseZone);
const anyDate = fc.integer({ min: 0, max: 1_000 }).map((days) => addDays('2026-01-01' as LocalDate, days));
const total = (ranges: readonly TimeRange[]): number => union(ranges).reduce((sum, range) => sum + range.end - range.start, 0);

describe('the days of a calendar', () => {
  it('P6: follow each other without a gap, and only a change of the clock makes one longer or shorter', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), anyDate, fc.integer({ min: 1, max: 7 }), (zone, first, count) => {
      const days = wallDays(first, count, zone);
      expect(days).toHaveLength(count);
      for (const [i, day] of days.entries()) {
        expect(day.start).toBe(i === 0 ? day.start : days[i - 1]!.end);
        expect([22.5, 23, 23.5, 24, 24.5, 25].map((hours) => hours * 60)).toContain(day.minutes);
        expect(day.minutes * MINUTE).toBe(day.end - day.start);
      }
    }));
  });

  it('free time is exactly what closures and taken time leave of the hours', () => {
    const ranges = (start: number) => fc.array(fc.record({ from: fc.integer({ min: -30, max: 200 }), hours: fc.integer({ min: 1, max: 12 }) }).map(({ from, hours }) => ({ start: (start + from * HOUR) as Instant, end: (start + (from + hours) * HOUR) as Instant })), { maxLength: 12 });
    fc.assert(fc.property(fc.constantFrom(...zones), anyDate.chain((first) => fc.record({ first: fc.constant(first), closed: ranges(Date.parse(first)), taken: ranges(Date.parse(first)) })), (zone, { first, closed, taken }) => {
      const days = wallDays(first, 7, zone);
      const whole = { start: days[0]!.start, end: days.at(-1)!.end };
      const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '20:00' as LocalTime, to: '09:00' as LocalTime, validFrom: '2020-01-01' as LocalDate, validTo: null }));
      const found = arrangeDays(whole, { hours, exceptions: [] }, closed.map((during) => ({ closure: { during } })), taken, zone);
      const gone = union([...found.closures, ...found.taken]);
      expect(intersect(found.free, gone)).toEqual([]);
      expect(total([...found.free, ...intersect(found.hours, gone)])).toBe(total(found.hours));
      for (const range of [...found.hours, ...found.taken, ...found.free]) expect(contains(whole, range)).toBe(true);
      expect(total(found.hours)).toBeLessThanOrEqual(8 * DAY);
    }));
  });
});
