import fc from 'fast-check';
import { DateTime } from 'luxon';
import { type Instant, instant } from './instant';
import { addDays, daysBetween, describeDate, describeInstant, describeTime, instantOf, type LocalDate, localDateOf, type LocalTime, localTimeOf, offsetAt, parseLocalDate, parseLocalTime, parseZone, weekdayOf, type Zone } from './wall-time';

// Unlike rules: an hour, none, 30 minutes, Europe's dates, a quarter-hour zone, a change at midnight, a day that was skipped, a ramadan pause.
const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'America/St_Johns', 'Europe/London', 'Asia/Kathmandu', 'America/Havana', 'Africa/Casablanca', 'Pacific/Chatham', 'UTC'].map(parseZone);
const zone = fc.constantFrom(...zones);
const moment = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2045, 0, 1) });
/** Near a change of the offset, where bugs live. */
const nearChange = fc.tuple(zone, fc.integer({ min: 2005, max: 2037 }), fc.integer({ min: -240, max: 240 }), fc.boolean()).map(([z, year, minutes, second]) => {
  const changes = changesOf(z, year);
  const change = changes[second ? changes.length - 1 : 0];
  return [z, (change ?? Date.UTC(year, 5, 1)) + minutes * 60_000] as const;
});
const place: fc.Arbitrary<readonly [Zone, number]> = fc.oneof(fc.tuple(zone, moment), nearChange);

const known = new Map<string, number[]>();
function changesOf(z: Zone, year: number): number[] {
  const key = `${z}/${year}`;
  const cached = known.get(key);
  if (cached) return cached;
  const found: number[] = [];
  const offset = (at: number): number => DateTime.fromMillis(at, { zone: z }).offset;
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 86_400_000) {
    if (offset(day) === offset(day + 86_400_000)) continue;
    for (let at = day; at < day + 86_400_000; at += 900_000) if (offset(at) !== offset(at + 900_000)) found.push(at + 900_000);
  }
  known.set(key, found);
  return found;
}

describe('wall time', () => {
  it('P6: an instant reads on the wall as luxon says, in every zone, also around each change', () => {
    fc.assert(fc.property(place, ([z, ms]) => {
      const at = instant(ms);
      const wall = DateTime.fromMillis(ms, { zone: z });
      expect([localDateOf(at, z), localTimeOf(at, z), offsetAt(ms, z)]).toEqual([wall.toFormat('yyyy-MM-dd'), wall.toFormat('HH:mm'), wall.offset]);
    }), { numRuns: 3_000 });
  });

  it('P6: a wall time that exists leads to the first instant that reads so, one in the gap forward by the gap', () => {
    fc.assert(fc.property(place, fc.integer({ min: -180, max: 180 }), ([z, ms], shift) => {
      // Any wall time near the instant, also one that no clock there ever showed.
      const around = DateTime.fromMillis(ms, { zone: z }).setZone('utc', { keepLocalTime: true }).plus({ minutes: shift }).startOf('minute');
      const [date, time] = [around.toFormat('yyyy-MM-dd') as LocalDate, around.toFormat('HH:mm') as LocalTime];
      const answer = instantOf(date, time, z);
      const wall = around.toMillis();
      // The rule by exhaustion: all instants that read as this wall time.
      const reading: number[] = [];
      for (let at = wall - 15 * 3_600_000; at <= wall + 15 * 3_600_000; at += 900_000) if (at + DateTime.fromMillis(at, { zone: z }).offset * 60_000 === wall) reading.push(at);
      if (reading.length > 0) expect(answer).toBe(reading[0]);
      else {
        const before = DateTime.fromMillis(answer - 4 * 3_600_000, { zone: z }).offset;
        const after = DateTime.fromMillis(answer, { zone: z }).offset;
        expect(after).toBeGreaterThan(before);
        expect(answer + after * 60_000).toBe(wall + (after - before) * 60_000);
      }
    }), { numRuns: 1_500 });
  });

  it('P6: the changes of four zones, written out', () => {
    const at = (date: string, time: string, z: string): string => new Date(instantOf(date as LocalDate, time as LocalTime, z as Zone)).toISOString().slice(0, 16);
    expect(at('2026-03-08', '02:30', 'America/New_York')).toBe('2026-03-08T07:30');
    expect(at('2026-11-01', '01:30', 'America/New_York')).toBe('2026-11-01T05:30');
    expect(at('2026-03-08', '02:30', 'America/Phoenix')).toBe('2026-03-08T09:30');
    expect(at('2026-10-04', '02:15', 'Australia/Lord_Howe')).toBe('2026-10-03T15:45');
    expect(at('2026-04-05', '01:45', 'Australia/Lord_Howe')).toBe('2026-04-04T14:45');
    expect(at('2026-03-29', '01:30', 'Europe/London')).toBe('2026-03-29T01:30');
    expect(at('2026-03-08', '00:30', 'America/Havana')).toBe('2026-03-08T05:30');
  });

  it('P6: 24:00 is 00:00 of the next day, over month ends and leap days too', () => {
    fc.assert(fc.property(zone, fc.integer({ min: 0, max: 20_000 }), (z, n) => {
      const date = addDays('1990-01-01' as LocalDate, n);
      expect(instantOf(date, '24:00' as LocalTime, z)).toBe(instantOf(addDays(date, 1), '00:00' as LocalTime, z));
    }));
  });

  it('P6: later wall times never lead to earlier instants, except into an hour that repeats', () => {
    fc.assert(fc.property(place, ([z, ms]) => {
      const date = localDateOf(instant(ms), z);
      let last = Number.NEGATIVE_INFINITY;
      for (let hour = 0; hour < 24; hour += 1) {
        const at = instantOf(date, `${String(hour).padStart(2, '0')}:00` as LocalTime, z);
        expect(at).toBeGreaterThanOrEqual(last);
        last = at;
      }
    }), { numRuns: 500 });
  });

  it('calendar arithmetic agrees with luxon and undoes itself', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: -5_000, max: 5_000 }), (n, days) => {
      const date = addDays('1980-01-01' as LocalDate, n);
      const oracle = DateTime.fromISO(date, { zone: 'utc' });
      expect(addDays(date, days)).toBe(oracle.plus({ days }).toISODate());
      expect(weekdayOf(date)).toBe(oracle.weekday);
      expect(daysBetween(date, addDays(date, days))).toBe(days);
    }));
  });

  it('never gives a date that sorts before the day before it', () => {
    expect(() => addDays('9999-12-31' as LocalDate, 1)).toThrow(RangeError);
  });

  it('refuses what is no zone, date or time of day', () => {
    for (const text of ['Mars/Olympus', '', 'EST5', 'america']) expect(() => parseZone(text)).toThrow(RangeError);
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '26-01-01', '2026-01-01T00:00', '2026-02-30', ' 2026-01-01', '9999-12-31', '2200-01-01', '0001-01-01']) expect(() => parseLocalDate(text)).toThrow(RangeError);
    for (const text of ['9:00', '24:01', '25:00', '12:60', '12:00:00', '', '09:00 ']) expect(() => parseLocalTime(text)).toThrow(RangeError);
    expect([parseLocalDate('2028-02-29'), parseLocalTime('24:00'), parseZone('Australia/Lord_Howe')]).toEqual(['2028-02-29', '24:00', 'Australia/Lord_Howe']);
  });

  it('says an instant as people do, in English and Spanish', () => {
    const at = Date.UTC(2026, 10, 23, 14, 30) as Instant;
    expect(describeInstant(at, zones[0]!, 'en')).toBe('Mon, Nov 23, 9:30 AM EST');
    expect(describeInstant(at, zones[0]!, 'es')).toMatch(/^lun.*nov.*9:30/);
  });

  it('P6: writes a date and a time out with the zone that is in force then, on both sides of a change of the clocks', () => {
    const [before, after] = [Date.UTC(2026, 9, 31, 13, 30) as Instant, Date.UTC(2026, 10, 1, 14, 30) as Instant];
    expect([before, after].map((at) => describeTime(at, zones[0]!, 'en', 'long'))).toEqual(['9:30 AM Eastern Daylight Time', '9:30 AM Eastern Standard Time']);
    expect([before, after].map((at) => describeTime(at, zones[0]!, 'en', 'short'))).toEqual(['9:30 AM EDT', '9:30 AM EST']);
    expect(describeDate(after, zones[0]!, 'en')).toBe('Sunday, November 1, 2026');
    expect(describeDate(after, zones[0]!, 'es')).toBe('domingo, 1 de noviembre de 2026');
    expect(describeTime(after, zones[0]!, 'es', 'long')).toMatch(/^9:30.a\.?.?m\.? hora est\u00e1ndar oriental$/);
  });
});
