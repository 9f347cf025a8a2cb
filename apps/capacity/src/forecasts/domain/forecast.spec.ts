import fc from 'fast-check';
import { bookedSoFar } from './booked-so-far';
import { chosenOf, originsBefore } from './chosen';
import { forecastDemand, leastHistory } from './forecast';
import { intervals, widths } from './intervals';
import { roll } from './rolling';
import { knownBefore, type Series } from './series';
import { someSeries } from '../../../test/some-series';

const value = fc.integer({ min: 0, max: 200 });
const kind = fc.constantFrom({}, {}, {}, {}, {}, {}, { closed: true }, { halfDay: true }, { holiday: true });
const listOf = <T>(what: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> => fc.array(what, { minLength: length, maxLength: length });
const bookings = (length: number): fc.Arbitrary<(number | null)[][]> => listOf(listOf(fc.option(value, { freq: 12 }), 4), length);
const dealt = (season: 5 | 7, length: number, ahead: number): fc.Arbitrary<Series> => fc.tuple(listOf(fc.option(value, { freq: 12 }), length), listOf(kind, length + ahead), bookings(length + ahead))
  .map(([values, kinds, booked]) => someSeries(season, values.map((one, i) => ('closed' in kinds[i]! ? 0 : one)), ahead, { ...kinds }, booked));

describe('a forecast', () => {
  it('P18: of the bookings of a slot that is to come, only those are known that were made by the end of the slot before the origin', () => {
    const series = someSeries(5, [1, 2, 3], 2, {}, [[0, 0, 0], [0, 0, 0], [1, 2, 3], [1, 2, 3], [1, 2, 3]]);
    expect(knownBefore(series, 2)).toMatchObject({ values: [1, 2], booked: [[0, 0, 0], [0, 0, 0], [1, 2, 3], [null, 2, 3], [null, null, 3]] });
  });

  it('P18: no value or booking from the origin on changes what any method or the chosen one says there, nor its intervals', () => {
    fc.assert(fc.property(fc.constantFrom(5 as const, 7 as const).chain((season) => fc.tuple(dealt(season, 130, 10), listOf(value, 130), bookings(140), fc.integer({ min: 90, max: 120 }))), ([series, other, others, now]) => {
      const changed: Series = { ...series, values: series.values.map((one, i) => (i < now ? one : other[i]!)), booked: series.booked!.map((counts, at) => counts.map((count, i) => (at - (i + 1) < now ? count : others[at]![i]!))) };
      const origins = [...originsBefore(now, 5, 8), now, now + 5];
      const [one, two] = [series, changed].map((each) => {
        const methods = roll(each, origins, 10);
        const booked = roll(each, origins, 10, [bookedSoFar])[0]!;
        const chosen = chosenOf(each, methods, booked);
        const upTo = <T extends { readonly origin: number }>(said: readonly T[]): T[] => said.filter(({ origin }) => origin <= now);
        return { methods: methods.map(upTo), booked: upTo(booked), chosen: upTo(chosen), widths: [...methods, booked, chosen].map((said) => intervals(each, said, now, 10)) };
      });
      expect(two).toEqual(one);
    }), { numRuns: 12 });
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
    }), { numRuns: 8 });
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

  it('P18: takes what is booked for as many slots as that erred less before, and nothing of it where bookings say nothing', () => {
    const dice = (i: number): number => ((i * i * 37 + i * 11) % 101) - 50;
    const values = Array.from({ length: 240 }, (_, i) => 200 + dice(i));
    // Of the next two slots all but ten, more or less one, are booked; of those behind them nothing can be told.
    const booked = (told: number): number[][] => Array.from({ length: 250 }, (_, i) => [1, 2, 3, 4].map((ahead) => (ahead <= told ? 190 + dice(i) + (i % 3) - 1 : 100 + dice(i + 13))));
    const [two, none] = [2, 0].map((told) => forecastDemand(someSeries(5, values, 10, {}, booked(told)), 10));
    if (two?.kind !== 'forecast' || none?.kind !== 'forecast') throw new Error('refused');
    expect([two.byBooked, none.byBooked]).toEqual([2, 0]);
    two.points.slice(0, 2).forEach(({ value: said, low80, high80 }, h) => {
      expect(Math.abs(said - (200 + dice(240 + h)))).toBeLessThanOrEqual(3);
      expect(high80 - low80).toBeLessThan(8);
    });
    expect(two.points.slice(2).map(({ value: said }) => said)).toEqual(none.points.slice(2).map(({ value: said }) => said));
    expect(two.points[2]!.high80 - two.points[2]!.low80).toBeGreaterThan(40);
  });

  it('P18: an 80 % interval is as wide as the 17th of 20 errors and a 95 % one as the largest, and wider ahead where errors grew', () => {
    const flat = Array.from({ length: 20 }, (_, i) => ({ ahead: 1, forecast: 100, value: 100 + (i + 1) * (i % 2 === 0 ? 1 : -1) }));
    expect(widths(flat, 1)).toEqual({ 80: [17], 95: [20] });
    expect(widths(flat.slice(1), 1)).toBeNull();
    const growing = Array.from({ length: 40 }, (_, i) => ({ ahead: (i % 2) + 1, forecast: 0, value: i % 2 === 0 ? 10 : 20 }));
    expect(widths(growing, 3)).toEqual({ 80: [10, 20, 20], 95: [10, 20, 20] });
  });
});
