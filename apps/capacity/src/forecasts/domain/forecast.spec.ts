import fc from 'fast-check';
import { chosenOf, originsBefore } from './chosen';
import { forecastDemand, leastHistory } from './forecast';
import { intervals, widths } from './intervals';
import { roll } from './rolling';
import type { Series } from './series';
import { someSeries } from '../../../test/some-series';

const value = fc.integer({ min: 0, max: 200 });
const kind = fc.constantFrom({}, {}, {}, {}, {}, {}, { closed: true }, { halfDay: true }, { holiday: true });
const dealt = (season: 5 | 7, length: number, ahead: number): fc.Arbitrary<Series> => fc.tuple(fc.array(fc.option(value, { freq: 12 }), { minLength: length, maxLength: length }), fc.array(kind, { minLength: length + ahead, maxLength: length + ahead }))
  .map(([values, kinds]) => someSeries(season, values.map((one, i) => ('closed' in kinds[i]! ? 0 : one)), ahead, { ...kinds }));

describe('a forecast', () => {
  it('P18: no value from the origin on changes what any method or the chosen one says there, nor its intervals', () => {
    fc.assert(fc.property(fc.constantFrom(5 as const, 7 as const).chain((season) => fc.tuple(dealt(season, 130, 10), fc.array(value, { minLength: 130, maxLength: 130 }), fc.integer({ min: 90, max: 120 }))), ([series, other, now]) => {
      const changed: Series = { ...series, values: series.values.map((one, i) => (i < now ? one : other[i]!)) };
      const origins = [...originsBefore(now, 5, 8), now, now + 5];
      const [one, two] = [series, changed].map((each) => {
        const methods = roll(each, origins, 10);
        const chosen = chosenOf(each, methods);
        const upTo = <T extends { readonly origin: number }>(said: readonly T[]): T[] => said.filter(({ origin }) => origin <= now);
        return { methods: methods.map(upTo), chosen: upTo(chosen), widths: [...methods, chosen].map((said) => intervals(each, said, now, 10)) };
      });
      expect(two).toEqual(one);
    }), { numRuns: 25 });
  });

  it('P18: the same history gives the same forecast, never under 0, each interval within the wider one, and a closed day is 0 with certainty', () => {
    fc.assert(fc.property(dealt(5, 220, 10), (series) => {
      const answer = forecastDemand(series, 10);
      expect(forecastDemand(series, 10)).toEqual(answer);
      if (answer.kind === 'refused') return;
      answer.points.forEach((point, h) => {
        const inOrder = [0, point.low95, point.low80, point.value, point.high80, point.high95];
        expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
        if (series.slots[220 + h]!.closed) expect([point.high95, point.value]).toEqual([0, 0]);
        expect(point.date).toBe(series.slots[220 + h]!.date);
      });
      expect(answer.points).toHaveLength(10);
    }), { numRuns: 15 });
  });

  it('P18: is refused with the number of slots that are missing until there is enough to try it on, and given from then on', () => {
    for (const [season, horizon] of [[5, 20], [5, 1], [7, 14], [52, 13]] as const) {
      const needed = leastHistory(season, horizon);
      const of = (length: number): Series => someSeries(season, Array.from({ length }, (_, i) => 50 + ((i * 7) % 13)), horizon);
      expect(forecastDemand(of(needed - 1), horizon)).toEqual({ kind: 'refused', reason: expect.stringMatching(new RegExp(`^${needed - 1} open .*; ${needed} are needed`)) });
      expect(forecastDemand(of(needed), horizon).kind).toBe('forecast');
    }
  });

  it('P18: is refused where the calendar ends before the horizon, and where nobody knows the values of the last months', () => {
    const values = Array.from({ length: 300 }, (_, i) => (i < 150 ? 50 + (i % 5) : null));
    expect(forecastDemand(someSeries(5, values, 3), 10)).toEqual({ kind: 'refused', reason: 'The calendar ends 3 slots after the last value; 10 are to be forecast.' });
    expect(forecastDemand(someSeries(5, [...values, ...values.slice(150)], 10), 10)).toEqual({ kind: 'refused', reason: expect.stringMatching(/^Too many of the last weekdays have no value/) });
  });

  it('P18: an 80 % interval is as wide as the 17th of 20 errors and a 95 % one as the largest, and wider ahead where errors grew', () => {
    const flat = Array.from({ length: 20 }, (_, i) => ({ ahead: 1, forecast: 100, value: 100 + (i + 1) * (i % 2 === 0 ? 1 : -1) }));
    expect(widths(flat, 1)).toEqual({ 80: [17], 95: [20] });
    expect(widths(flat.slice(1), 1)).toBeNull();
    const growing = Array.from({ length: 40 }, (_, i) => ({ ahead: (i % 2) + 1, forecast: 0, value: i % 2 === 0 ? 10 : 20 }));
    expect(widths(growing, 3)).toEqual({ 80: [10, 20, 30], 95: [10, 20, 30] });
  });
});
