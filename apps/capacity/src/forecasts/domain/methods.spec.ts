import fc from 'fast-check';
import { bookedSoFar } from './booked-so-far';
import { calendarRegression } from './calendar-regression';
import { holtWinters, smooth } from './holt-winters';
import { averageOf } from './methods';
import { ridge } from './ridge';
import { seasonalNaive, weekdayMean } from './seasonal-naive';
import { someSeries } from '../../../test/some-series';

const week = [10, 20, 30, 40, 50];
const weeks = (count: number, of: (week: number, day: number) => number): number[] => Array.from({ length: count * 5 }, (_, i) => of(Math.floor(i / 5), i % 5));
const rounded = (values: readonly number[], digits = 1): number[] => values.map((value) => Number(value.toFixed(digits)));

describe('methods on series that can be counted by hand', () => {
  it('P18: seasonal naive repeats the last week, with nothing on a closed day and half on the first half-day', () => {
    const known = someSeries(5, [...week, 11, 21, 31, 41, 51], 7, { 10: { closed: true }, 12: { halfDay: true } });
    expect(seasonalNaive.forecast(known, 7)).toEqual([0, 21, 15.5, 41, 51, 11, 21]);
  });

  it('P18: seasonal naive passes over closed days, half-days and unknown values to the last usual one of the weekday', () => {
    const known = someSeries(5, [...week, 0, 5, null, 41, 51], 5, { 5: { closed: true }, 6: { halfDay: true } });
    expect(seasonalNaive.forecast(known, 5)).toEqual([10, 20, 30, 41, 51]);
  });

  it('P18: weekday mean is that of the last eight, and half-days take the share that earlier ones had', () => {
    // Mondays are 1..9, so that the last eight have the mean 5.5; the half-day in week 5 had 1.5 beside usual Mondays 1..4 with the mean 2.5.
    const known = someSeries(5, weeks(10, (w, d) => (d > 0 ? 100 : w === 4 ? 1.5 : w < 4 ? w + 1 : w)), 6, { 20: { halfDay: true }, 55: { halfDay: true } });
    expect(weekdayMean.forecast(known, 6)).toEqual([5.5, 100, 100, 100, 100, 0.6 * 5.5]);
  });

  it('P18: Holt-Winters moves level, trend and season by their shares of one error', () => {
    const after = smooth([{ place: 0, value: 120 }], 1, { level: 100, season: Float64Array.from([10]) }, { level: 0.5, trend: 0.1, season: 0.25, damping: 0.9 });
    expect({ ...after, season: [...after.season] }).toEqual({ level: 105, trend: 0.5, season: [11.25], squares: 0 });
  });

  it('P18: Holt-Winters goes on with a pattern that never changed, and a closed day teaches it nothing', () => {
    const values = weeks(6, (_, d) => week[d]!);
    values[22] = 0;
    expect(rounded(holtWinters.forecast(someSeries(5, values, 6, { 22: { closed: true }, 31: { closed: true } }), 6), 6)).toEqual([10, 0, 30, 40, 50, 10]);
  });

  it('P18: calendar regression finds what weekdays, half-days and the days around closures add', () => {
    const closed = Object.fromEntries([12, 48, 81, 119, 153, 188].map((i) => [i, { closed: true }]));
    const half = Object.fromEntries([7, 37, 67, 97, 127, 157, 187 - 2, 203].map((i) => [i, { halfDay: true }]));
    const at = (i: number): number => (closed[i] ? 0 : 100 + week[i % 5]! + (closed[i - 1] ? 40 : 0) - (closed[i + 1] ? 20 : 0) - (half[i] ? 60 : 0));
    const values = Array.from({ length: 200 }, (_, i) => at(i));
    const days = { ...closed, ...half, 206: { closed: true } };
    const forecast = calendarRegression.forecast(someSeries(5, values, 10, days), 10);
    const wanted = [110, 120, 130, 140 - 60, 150, 110 - 20, 0, 130 + 40, 140, 150];
    forecast.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThan(8));
    expect(forecast[6]).toBe(0);
  });

  it('P18: what the last ten slots had beyond the calendar fades with the horizon', () => {
    const values = weeks(30, (w, d) => week[d]! + 100 + (w >= 28 ? 20 : 0));
    const above = calendarRegression.forecast(someSeries(5, values, 60), 60).map((value, i) => value - 100 - week[i % 5]!);
    expect(above[0]).toBeGreaterThan(above[25]!);
    expect(above[25]).toBeGreaterThan(above[55]!);
    expect(above[0]).toBeGreaterThan(10);
  });

  it('P18: booked so far adds what came after so many slots before, by weekday, and falls silent where nobody knows what is booked', () => {
    // One slot before, Mondays lacked 1, 2, 3 of their value, other days 5; two slots before all lacked 10. The closed day needs no booking.
    const values = weeks(3, () => 50);
    const booked = [...values.map((value, i) => [value - (i % 5 > 0 ? 5 : 1 + i / 5), value - 10, value - 20]), [40, 40, 0], [0, 33, 0], [0, 0, 0], [null, null, null]];
    expect(bookedSoFar.forecast(someSeries(5, values, 4, { 17: { closed: true } }, booked), 4)).toEqual([42, 43, 0]);
    expect(bookedSoFar.forecast(someSeries(5, values, 4), 4)).toEqual([]);
  });

  it('P18: an average lies in the middle of its methods', () => {
    const known = someSeries(5, weeks(9, (w, d) => (w === 8 ? 17 : 8) + d), 1);
    expect([seasonalNaive, weekdayMean, averageOf([seasonalNaive, weekdayMean])].map((method) => method.forecast(known, 1))).toEqual([[17], [(7 * 8 + 17) / 8], [(17 + (7 * 8 + 17) / 8) / 2]]);
  });

  it('P18: ridge is the sum of products over the sum of squares and the penalty, and satisfies its equations for any columns', () => {
    expect(ridge([Float64Array.of(1), Float64Array.of(2)], [2, 4], [1])[0]).toBeCloseTo(10 / 6, 12);
    const number = fc.integer({ min: -20, max: 20 });
    fc.assert(fc.property(fc.array(fc.tuple(number, number, number, number), { minLength: 1, maxLength: 30 }), (lines) => {
      const rows = lines.map(([a, b, c]) => Float64Array.of(a, b, c));
      const weights = ridge(rows, lines.map((line) => line[3]), [0.5, 1, 2]);
      [0.5, 1, 2].forEach((penalty, j) => {
        const slope = lines.reduce((sum, line, i) => sum + rows[i]![j]! * (rows[i]!.reduce((all, x, k) => all + x * weights[k]!, 0) - line[3]), penalty * weights[j]!);
        expect(Math.abs(slope)).toBeLessThan(1e-6);
      });
    }));
  });
});
