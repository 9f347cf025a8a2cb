import { DAY, HOUR, type Instant, type LocalDate, type LocalTime, MINUTE, type Zone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Schedule, openRanges } from '../../availability/domain/working-hours';
import { OpenWeeks } from './open-weeks';

const NEW_YORK = 'America/New_York' as Zone;
const BEGIN = Date.UTC(2026, 9, 20);
const time = fc.tuple(fc.nat(23), fc.constantFrom(0, 20, 30)).map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}` as LocalTime);
const date = fc.nat(30).map((day) => new Date(BEGIN + day * DAY).toISOString().slice(0, 10) as LocalDate);
const schedule: fc.Arbitrary<Schedule> = fc.record({
  hours: fc.array(fc.record({ weekday: fc.integer({ min: 1, max: 7 }), from: time, to: time, validFrom: date, validTo: fc.constant(null) }), { maxLength: 8 }),
  exceptions: fc.array(fc.record({ date, mode: fc.constantFrom('instead' as const, 'also' as const), hours: fc.array(fc.record({ from: time, to: time }), { maxLength: 2 }) }), { maxLength: 3 }),
  closures: fc.array(date.map((day) => ({ firstDay: day, lastDay: day })), { maxLength: 3 }),
});
const range = fc.tuple(fc.nat(30 * 24), fc.integer({ min: 1, max: 12 * 24 })).map(([from, hours]) => ({ start: (BEGIN + from * HOUR) as Instant, end: (BEGIN + (from + hours) * HOUR) as Instant }));

describe('open time kept by the week', () => {
  it('P6: is what the hours say, whatever was asked before and over the change of the clocks', () => {
    fc.assert(fc.property(schedule, fc.array(range, { minLength: 1, maxLength: 4 }), (given, ranges) => {
      const weeks = new OpenWeeks(given, NEW_YORK);
      for (const asked of ranges) expect(weeks.open(asked)).toEqual(openRanges(given, asked, NEW_YORK));
    }), { numRuns: 500 });
  });

  it('finds the first point of the grid, the same that a walk through all open time finds', () => {
    fc.assert(fc.property(schedule, range, fc.constantFrom(10, 15, 30), (given, asked, step) => {
      const walked = openRanges(given, asked, NEW_YORK).flatMap((piece) => {
        const found: number[] = [];
        for (let at: number = piece.opens; at < piece.end; at += step * MINUTE) if (at >= piece.start && at >= asked.start && at < asked.end) found.push(at);
        return found;
      });
      expect(new OpenWeeks(given, NEW_YORK).firstOnGrid(asked.start, asked.end, step)).toBe(Math.min(...walked));
    }), { numRuns: 500 });
  });
});
