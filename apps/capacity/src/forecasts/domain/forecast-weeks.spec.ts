import { addDays, parseLocalDate, weekdayOf } from '@slotmesh/kernel';
import { demandSeries } from './demand-series';
import { forecastWeeks, weekQuantile } from './forecast-weeks';

/** Weekdays of 600 minutes before a Monday and for six weeks after it; so many requests on a weekday, one more in every second week. */
const today = parseLocalDate('2026-11-23');
const asked = [20, 16, 12, 10, 6];
const known = (days: number) => {
  const dates = Array.from({ length: days + 42 }, (_, n) => addDays(today, n - days)).filter((date) => weekdayOf(date) <= 5);
  const demand = new Map(dates.filter((date) => date < today).map((date) => [date, asked[weekdayOf(date) - 1]! + (Math.floor(Date.parse(date) / 604_800_000) % 2)]));
  return { today, minutes: new Map(dates.map((date) => [date, 600])), statedTo: addDays(today, 41), demand };
};
const seriesOf = (days: number) => {
  const made = demandSeries(known(days), 35);
  if (made.kind === 'refused') throw new Error(made.reason);
  return made;
};

describe('forecasts of whole weeks', () => {
  it('sum a week from its Monday on, and rise with the quantile by what whole weeks erred before', () => {
    const made = forecastWeeks(seriesOf(420), addDays(today, 7), 4);
    if (made.kind === 'refused') throw new Error(made.reason);
    // 64 requests a week, and five more in every second one.
    expect(made.weeks).toHaveLength(4);
    for (const week of made.weeks) expect(Math.abs(week - 66.5)).toBeLessThan(4);
    expect(made.errors.length).toBeGreaterThan(20);
    const at = (quantile: number): number => weekQuantile(made, 0, quantile);
    expect([at(0.5) <= at(0.8), at(0.8) <= at(0.95), at(0.95) - at(0.05) > 3, at(0.95) - at(0.05) < 15]).toEqual([true, true, true, true]);
  });

  it('are refused with the reason where the history is short', () => {
    expect(forecastWeeks(seriesOf(100), addDays(today, 7), 4)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/^\d+ open days have a value; \d+ are needed/) });
  });
});
