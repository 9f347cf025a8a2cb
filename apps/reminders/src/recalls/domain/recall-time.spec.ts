import { type Instant, type LocalDate, addDays, addMonths, instantOf, isQuiet, localDateOf, localTimeOf, parseLocalDate, parseLocalTime, parseZone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { nextMessageAt } from './recall-time';

const zones = ['America/New_York', 'America/Denver', 'America/Phoenix', 'Pacific/Honolulu', 'America/St_Johns'].map(parseZone);
const quiet = { from: parseLocalTime('21:00'), until: parseLocalTime('08:00') };
const terms = { firstDaysBefore: 14, repeatEveryDays: 21, maxMessages: 3 };
const due = parseLocalDate('2027-03-20');
const [newYork] = zones as [(typeof zones)[number]];
const at = (date: string, time: string): Instant => instantOf(parseLocalDate(date), parseLocalTime(time), newYork);

describe('when a patient is asked to book what is due', () => {
  it('P6: fourteen days before it and then every 21 days, at 10:00 of the wall clock also behind the change to summer time', () => {
    const first = nextMessageAt({ due, terms, messages: 0, lastMessageAt: null }, { zone: newYork, quiet }, at('2027-01-01', '12:00'));
    expect(first).toBe(at('2027-03-06', '10:00'));
    expect(nextMessageAt({ due, terms, messages: 1, lastMessageAt: first }, { zone: newYork, quiet }, first!)).toBe(at('2027-03-27', '10:00'));
    expect(nextMessageAt({ due, terms, messages: 3, lastMessageAt: first }, { zone: newYork, quiet }, first!)).toBeNull();
  });

  it('asks at the next 10:00 where the first day is over', () => {
    expect(nextMessageAt({ due, terms, messages: 0, lastMessageAt: null }, { zone: newYork, quiet }, at('2027-03-25', '09:59'))).toBe(at('2027-03-25', '10:00'));
    expect(nextMessageAt({ due, terms, messages: 0, lastMessageAt: null }, { zone: newYork, quiet }, at('2027-03-25', '10:01'))).toBe(at('2027-03-26', '10:00'));
  });

  it('P15: never in the past, never in quiet hours, whatever they are', () => {
    const time = fc.integer({ min: 0, max: 1439 }).map((minute) => parseLocalTime(`${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`));
    fc.assert(fc.property(fc.constantFrom(...zones), time, time, fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 86_399_999 }), fc.option(fc.integer({ min: 0, max: 60 })), (zone, from, until, day, ms, ago) => {
      const now = (Date.UTC(2026, 10, 1) + day * 86_400_000 + ms) as Instant;
      const hours = { from, until };
      const next = nextMessageAt({ due, terms, messages: ago === null ? 0 : 1, lastMessageAt: ago === null ? null : (now - ago * 86_400_000) as Instant }, { zone, quiet: hours }, now);
      expect(next).not.toBeNull();
      expect(next!).toBeGreaterThanOrEqual(now);
      expect(isQuiet(next!, hours, zone)).toBe(false);
      if (!isQuiet(instantOf(localDateOf(next!, zone), parseLocalTime('10:00'), zone), hours, zone)) expect(localTimeOf(next!, zone)).toBe('10:00');
    }));
  });
});

describe('the same day some months later', () => {
  it('is that day of the month, or its last one', () => {
    expect(addMonths(parseLocalDate('2027-01-31'), 1)).toBe('2027-02-28');
    expect(addMonths(parseLocalDate('2024-02-29'), 12)).toBe('2025-02-28');
    fc.assert(fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 240 }), (days, months) => {
      const from = addDays(parseLocalDate('2000-01-01'), days);
      const to: LocalDate = addMonths(from, months);
      const monthsOf = (date: LocalDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
      expect(monthsOf(to) - monthsOf(from)).toBe(months);
      expect(Number(to.slice(8))).toBeLessThanOrEqual(Number(from.slice(8)));
      if (Number(to.slice(8)) < Number(from.slice(8))) expect(monthsOf(addDays(to, 1)) - monthsOf(to)).toBe(1);
    }));
  });
});
