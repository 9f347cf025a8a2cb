import { addDays, daysBetween, type LocalDate, parseLocalDate, weekdayOf } from '@slotmesh/kernel';
import fc from 'fast-check';
import { demandSeries, type KnownDemand } from './demand-series';
import { datesBetween, openingDays } from './opening-days';

const TODAY = parseLocalDate('2026-11-25');
const dates = (from: number, to: number): LocalDate[] => datesBetween(addDays(TODAY, from), addDays(TODAY, to));
const onWeekdays = (minutes: number, from: number, to: number) => new Map(dates(from, to).map((date) => [date, weekdayOf(date) <= 5 ? minutes : 0]));
const madeOf = (known: KnownDemand, days: number) => {
  const made = demandSeries(known, days);
  if (made.kind === 'refused') throw new Error(made.reason);
  return made;
};

describe('a series of demand from what was asked for and when the practice was open', () => {
  it('begins where both are known, has five slots a week without weekends, and counts apart what was asked for while closed', () => {
    const minutes = onWeekdays(480, -60, 20).set(parseLocalDate('2026-11-23'), 0);
    const demand = new Map([[addDays(TODAY, -80), 5], [parseLocalDate('2026-11-20'), 7], [parseLocalDate('2026-11-22'), 2], [parseLocalDate('2026-11-23'), 3], [parseLocalDate('2026-11-24'), 4], [TODAY, 50]]);
    const { series, horizon, whileClosed } = madeOf({ today: TODAY, minutes, statedTo: addDays(TODAY, 20), demand }, 7);
    const past = series.slots.slice(0, series.values.length);
    expect([series.season, past[0]?.date, past.at(-1)?.date, horizon, whileClosed]).toEqual([5, '2026-09-28', '2026-11-24', 5, 5]);
    expect(series.values.slice(-3)).toEqual([7, 0, 4]);
    // Thanksgiving is open here, and a holiday all the same.
    expect(series.slots.slice(-5).map(({ date, closed, holiday }) => [date, closed, holiday])).toEqual([['2026-11-25', false, false], ['2026-11-26', false, true], ['2026-11-27', false, false], ['2026-11-30', false, false], ['2026-12-01', false, false]]);
    expect(madeOf({ today: TODAY, minutes: minutes.set(addDays(TODAY, -4), 60), statedTo: addDays(TODAY, 20), demand }, 7).series.season).toBe(7);
  });

  it('calls half of what was usual on the weekday a half-day, and dates that nobody has stated yet open as their weekday was', () => {
    const minutes = onWeekdays(480, -60, 5).set(addDays(TODAY, 1), 240).set(addDays(TODAY, 2), 250).set(addDays(TODAY, 5), 0);
    const days = openingDays({ minutes, statedTo: addDays(TODAY, 5) }, addDays(TODAY, -60), addDays(TODAY, 13)).slice(60);
    expect(days.filter(({ halfDay }) => halfDay).map(({ date }) => date)).toEqual(['2026-11-26']);
    expect(days.filter(({ closed }) => closed).map(({ date }) => date)).toEqual(['2026-11-28', '2026-11-29', '2026-11-30', '2026-12-05', '2026-12-06']);
  });

  it('P18: nothing of today or later changes a value or a calendar fact of a date that is over', () => {
    const number = fc.integer({ min: 0, max: 600 });
    fc.assert(fc.property(fc.array(fc.tuple(number, number), { minLength: 120, maxLength: 120 }), fc.array(fc.tuple(number, number), { minLength: 30, maxLength: 30 }), (before, after) => {
      const known = (later: readonly (readonly [number, number])[]): KnownDemand => {
        const all = [...before, ...later].map(([minutes, asked], i) => ({ date: addDays(TODAY, i - before.length), minutes, asked }));
        return { today: TODAY, minutes: new Map(all.map(({ date, minutes }) => [date, minutes])), demand: new Map(all.map(({ date, asked }) => [date, asked])), statedTo: addDays(TODAY, 29) };
      };
      const pastOf = (one: KnownDemand) => {
        const { series } = madeOf(one, 28);
        return new Map(series.values.map((value, i) => [series.slots[i]!.date, [value, series.slots[i]!.closed, series.slots[i]!.halfDay, series.slots[i]!.holiday]]));
      };
      fc.pre(before.some(([minutes], i) => minutes > 0 && weekdayOf(addDays(TODAY, i - before.length)) > 5));
      expect(pastOf(known(after))).toEqual(pastOf(known(after.map(() => [480, 0]))));
      expect(pastOf(known(after)).size).toBeGreaterThan(daysBetween(addDays(TODAY, -110), TODAY));
    }), { numRuns: 30 });
  });
});
