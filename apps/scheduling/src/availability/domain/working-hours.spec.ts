import { addDays, formatInstant, instantOf, localDateOf, localTimeOf, type LocalDate, type LocalTime, parseInstant, parseLocalDate, parseLocalTime, parseZone, type Zone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { checkHours, openRanges, type RecurringHours, rangeOfDays, type Schedule } from './working-hours';

const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'Europe/London', 'America/St_Johns'].map(parseZone);
const newYork = zones[0]!;
const d = (text: string): LocalDate => parseLocalDate(text);
const t = (text: string): LocalTime => parseLocalTime(text);
const weekly = (weekday: number, from: string, to: string, more: Partial<RecurringHours> = {}): RecurringHours => ({ weekday, from: t(from), to: t(to), validFrom: d('2020-01-01'), validTo: null, ...more });
const daily = (from: string, to: string): RecurringHours[] => [1, 2, 3, 4, 5, 6, 7].map((weekday) => weekly(weekday, from, to));
const schedule = (hours: RecurringHours[], more: Partial<Schedule> = {}): Schedule => ({ hours, exceptions: [], closures: [], ...more });
const shown = (s: Schedule, first: string, last: string, zone: Zone = newYork): string[] =>
  openRanges(s, rangeOfDays(d(first), d(last), zone), zone).map((r) => `${formatInstant(r.start).slice(0, 16)}/${formatInstant(r.end).slice(0, 16)}`);

const anyDate = fc.integer({ min: 0, max: 365 * 8 }).map((n) => addDays(d('2023-01-01'), n));
const anyTime = fc.integer({ min: 0, max: 287 }).map((n) => t(`${String(Math.floor(n / 12)).padStart(2, '0')}:${String((n % 12) * 5).padStart(2, '0')}`));
const anyEnd = fc.oneof({ weight: 8, arbitrary: anyTime }, { weight: 1, arbitrary: fc.constant(t('24:00')) });
const anyZone = fc.constantFrom(...zones);
const anyHours = fc.record({ weekday: fc.integer({ min: 1, max: 7 }), from: anyTime, to: anyEnd, validFrom: anyDate, validTo: fc.option(anyDate), everyWeeks: fc.constantFrom(1, 1, 2, 3, 4), anchor: fc.option(anyDate) });
const anySchedule = (around: LocalDate): fc.Arbitrary<Schedule> => {
  const near = fc.integer({ min: -3, max: 12 }).map((n) => addDays(around, n));
  return fc.record({
    hours: fc.array(anyHours.map((h) => ({ ...h, validFrom: h.validFrom < around ? h.validFrom : d('2020-01-01') })), { maxLength: 8 }),
    exceptions: fc.array(fc.record({ date: near, mode: fc.constantFrom('instead' as const, 'also' as const), hours: fc.array(fc.record({ from: anyTime, to: anyEnd }), { maxLength: 2 }) }), { maxLength: 3 }),
    closures: fc.array(near.map((firstDay) => ({ firstDay, lastDay: addDays(firstDay, 1) })), { maxLength: 2 }),
  });
};

describe('working hours', () => {
  it('P6: keep 9 to 5 on the wall on both sides of each daylight-saving change', () => {
    expect(shown(schedule(daily('09:00', '17:00')), '2026-03-07', '2026-03-08')).toEqual(['2026-03-07T14:00/2026-03-07T22:00', '2026-03-08T13:00/2026-03-08T21:00']);
    expect(shown(schedule(daily('09:00', '17:00')), '2026-10-31', '2026-11-01')).toEqual(['2026-10-31T13:00/2026-10-31T21:00', '2026-11-01T14:00/2026-11-01T22:00']);
  });

  it('P6: an edge in the gap moves forward by the gap, and a block wholly inside it vanishes with it', () => {
    expect(shown(schedule(daily('02:30', '05:00')), '2026-03-08', '2026-03-08')).toEqual(['2026-03-08T07:30/2026-03-08T09:00']);
    expect(shown(schedule(daily('02:00', '03:00')), '2026-03-08', '2026-03-08')).toEqual([]);
  });

  it('P6: an ambiguous edge is the earlier of the two', () => {
    expect(shown(schedule(daily('01:30', '03:00')), '2026-11-01', '2026-11-01')).toEqual(['2026-11-01T05:30/2026-11-01T08:00']);
    expect(shown(schedule(daily('00:30', '01:30')), '2026-11-01', '2026-11-01')).toEqual(['2026-11-01T04:30/2026-11-01T05:30']);
  });

  it('P6: a 30-minute change (Lord Howe) shortens and lengthens a night by exactly that', () => {
    const hours = schedule(daily('22:00', '06:00'));
    const length = (date: string): number[] => openRanges(hours, rangeOfDays(d(date), d(date), parseZone('Australia/Lord_Howe')), parseZone('Australia/Lord_Howe')).map((r) => (r.end - r.start) / 60_000);
    expect(length('2026-10-04')).toEqual([450, 480]);
    expect(length('2026-04-05')).toEqual([510, 480]);
  });

  it('P6: hours over midnight open once, without a minute missing, also over a month end and a leap day', () => {
    expect(shown(schedule([weekly(6, '22:00', '06:00')]), '2026-01-31', '2026-02-01')).toEqual(['2026-02-01T03:00/2026-02-01T11:00']);
    expect(shown(schedule([weekly(1, '22:00', '06:00')], {}), '2028-02-29', '2028-02-29')).toEqual(['2028-02-29T03:00/2028-02-29T11:00']);
    expect(shown(schedule([weekly(2, '09:00', '12:00')]), '2028-02-29', '2028-02-29')).toEqual(['2028-02-29T14:00/2028-02-29T17:00']);
  });

  it('P6: hours that end at 24:00 touch the next day and leave no gap', () => {
    const ranges = openRanges(schedule(daily('00:00', '24:00')), rangeOfDays(d('2026-03-07'), d('2026-03-09'), newYork), newYork);
    expect(ranges.map((r) => (r.end - r.start) / 3_600_000)).toEqual([24, 23, 24]);
    expect(ranges[0]!.end).toBe(ranges[1]!.start);
  });

  it('where a night runs into the next block, that block begins where the night ends, also when only its last hours are asked for', () => {
    const s: Schedule = { ...schedule([]), exceptions: [{ date: d('2026-11-22'), mode: 'instead', hours: [{ from: t('22:00'), to: t('06:00') }] }, { date: d('2026-11-23'), mode: 'instead', hours: [{ from: t('05:00'), to: t('04:00') }] }] };
    expect(shown(s, '2026-11-24', '2026-11-24')).toEqual(['2026-11-23T11:00/2026-11-24T09:00']);
  });

  it('come back every second week from their anchor', () => {
    expect(shown(schedule([weekly(3, '09:00', '10:00', { everyWeeks: 2, anchor: d('2026-11-23') })]), '2026-11-01', '2026-12-20').map((r) => r.slice(0, 10))).toEqual(['2026-11-11', '2026-11-25', '2026-12-09']);
  });

  it('begin and end with the dates they are valid for, both inclusive', () => {
    expect(shown(schedule([1, 2, 3, 4, 5].map((w) => weekly(w, '09:00', '10:00', { validFrom: d('2026-11-24'), validTo: d('2026-11-26') }))), '2026-11-20', '2026-11-30').map((r) => r.slice(8, 10))).toEqual(['24', '25', '26']);
  });

  it('an exception replaces or adds what begins on its date and leaves the night before alone', () => {
    const nights = schedule(daily('22:00', '06:00'));
    expect(shown({ ...nights, exceptions: [{ date: d('2026-11-24'), mode: 'instead', hours: [] }] }, '2026-11-24', '2026-11-24')).toEqual(['2026-11-24T03:00/2026-11-24T11:00']);
    expect(shown({ ...schedule([]), exceptions: [{ date: d('2026-11-24'), mode: 'also', hours: [{ from: t('18:00'), to: t('20:00') }] }] }, '2026-11-24', '2026-11-24')).toEqual(['2026-11-24T23:00/2026-11-25T01:00']);
  });

  it('a closure of a date shuts the wall day, spilled nights included; a closure in the middle keeps the grid', () => {
    expect(shown({ ...schedule(daily('22:00', '06:00')), closures: [{ firstDay: d('2026-11-24'), lastDay: d('2026-11-24') }] }, '2026-11-23', '2026-11-24')).toEqual(['2026-11-23T03:00/2026-11-23T11:00', '2026-11-24T03:00/2026-11-24T05:00']);
    const lunch = { during: { start: parseInstant('2026-11-24T15:10:00Z'), end: parseInstant('2026-11-24T15:40:00Z') } };
    const pieces = openRanges({ ...schedule(daily('09:00', '12:00')), closures: [lunch] }, rangeOfDays(d('2026-11-24'), d('2026-11-24'), newYork), newYork);
    expect(pieces.map((p) => formatInstant(p.opens).slice(11, 16))).toEqual(['14:00', '14:00']);
  });

  it('hours that can never open are refused with the rule they break', () => {
    expect(() => checkHours({ from: t('24:00'), to: t('05:00') })).toThrow('cannot begin at 24:00');
    expect(() => checkHours({ from: t('09:00'), to: t('10:00'), weekday: 0 })).toThrow('weekday');
    expect(() => checkHours({ from: t('09:00'), to: t('10:00'), everyWeeks: 0 })).toThrow('weeks');
  });

  it('P6: in any zone a block shows its own wall times wherever those exist', () => {
    fc.assert(fc.property(anyZone, anyDate, anyTime, anyTime, (zone, date, from, to) => {
      const exception = { ...schedule([]), exceptions: [{ date, mode: 'instead' as const, hours: [{ from, to }] }] };
      const endDate = to <= from ? addDays(date, 1) : date;
      const exists = (on: LocalDate, at: LocalTime): boolean => DateTime.fromISO(`${on}T${at}`, { zone }).toFormat('HH:mm') === at;
      fc.pre(exists(date, from) && exists(endDate, to));
      const ranges = openRanges(exception, rangeOfDays(date, endDate, zone), zone);
      expect(ranges).toHaveLength(1);
      expect([localDateOf(ranges[0]!.start, zone), localTimeOf(ranges[0]!.start, zone), localDateOf(ranges[0]!.end, zone), localTimeOf(ranges[0]!.end, zone)]).toEqual([date, from, endDate, to]);
    }), { numRuns: 2_000 });
  });

  it('P6: a narrow search finds exactly the pieces of a wide one that meet it, with the same grid', () => {
    fc.assert(fc.property(anyZone, anyDate.chain((date) => fc.tuple(fc.constant(date), anySchedule(date))), fc.nat(8), fc.integer({ min: 1, max: 3 * 1440 }), (zone, [date, s], offset, minutes) => {
      const wide = openRanges(s, rangeOfDays(addDays(date, -3), addDays(date, 14), zone), zone);
      const start = instantOf(addDays(date, offset), t('10:10'), zone);
      const range = { start, end: (start + minutes * 60_000) as typeof start };
      expect(openRanges(s, range, zone)).toEqual(wide.filter((p) => p.start < range.end && range.start < p.end));
    }), { numRuns: 1_000 });
  });

  it('P6: pieces are in order, never overlap, never meet a closure and never begin before they open', () => {
    fc.assert(fc.property(anyZone, anyDate.chain((date) => fc.tuple(fc.constant(date), anySchedule(date))), (zone, [date, s]) => {
      const pieces = openRanges(s, rangeOfDays(date, addDays(date, 10), zone), zone);
      pieces.forEach((p, i) => {
        expect(p.start).toBeLessThan(p.end);
        expect(p.opens).toBeLessThanOrEqual(p.start);
        if (i > 0) expect(pieces[i - 1]!.end).toBeLessThanOrEqual(p.start);
      });
      for (const c of s.closures) {
        if (!('firstDay' in c)) continue;
        const closed = rangeOfDays(c.firstDay, c.lastDay, zone);
        expect(pieces.some((p) => p.start < closed.end && closed.start < p.end)).toBe(false);
      }
    }), { numRuns: 1_000 });
  });

  it('P6: at any moment it is open exactly where the wall clock, the calendar and the exceptions say so', () => {
    fc.assert(fc.property(anyZone, anyDate.chain((date) => fc.tuple(fc.constant(date), anySchedule(date))), fc.array(fc.nat(2_879), { minLength: 12, maxLength: 12 }), (zone, [date, s], minutes) => {
      const asked = rangeOfDays(date, addDays(date, 2), zone);
      const pieces = openRanges(s, asked, zone);
      for (const minute of minutes) {
        const ms = asked.start + minute * 60_000;
        const wall = DateTime.fromMillis(ms, { zone });
        // Why left out: around a change the wall clock alone does not say which instant is meant; the tests above do.
        if (wall.minus({ hours: 26 }).offset !== wall.plus({ hours: 3 }).offset) continue;
        if (pieces.some((p) => p.start <= ms && ms < p.end) !== opensByTheBook(s, wall)) throw new Error(`wrong at ${wall.toISO()}`);
      }
    }), { numRuns: 400 });
  });
});

/** The rule as a person would check it with a calendar and a clock on the wall, written with luxon and without our own arithmetic. */
function opensByTheBook(s: Schedule, wall: DateTime): boolean {
  const today = wall.toISODate()!;
  if (s.closures.some((closure) => 'firstDay' in closure && closure.firstDay <= today && today <= closure.lastDay)) return false;
  const time = wall.toFormat('HH:mm');
  const yesterday = wall.minus({ days: 1 });
  return (
    beginOn(s, wall).some(({ from, to }) => time >= from && (to <= from || time < to)) ||
    beginOn(s, yesterday).some(({ from, to }) => to <= from && time < to)
  );
}
function beginOn(s: Schedule, day: DateTime): { from: string; to: string }[] {
  const date = day.toISODate()!;
  const exceptions = s.exceptions.filter((exception) => exception.date === date);
  const usual = s.hours.filter((h) => {
    const anchor = DateTime.fromISO(h.anchor ?? h.validFrom, { zone: 'utc' }).startOf('week');
    const weeks = DateTime.fromISO(date, { zone: 'utc' }).startOf('week').diff(anchor, 'weeks').weeks;
    return h.weekday === day.weekday && h.validFrom <= date && (h.validTo === null || date <= h.validTo) && weeks % (h.everyWeeks ?? 1) === 0;
  });
  return [...(exceptions.some((exception) => exception.mode === 'instead') ? [] : usual), ...exceptions.flatMap((exception) => exception.hours)];
}
