import fc from 'fast-check';
import { BOX, chartShape } from './chart-shape';
import type { MeasureItem } from './measure-answers';

const names = Array.from({ length: 13 }, (_, index) => `w${index}`);
const value = fc.double({ min: -100, max: 10_000, noNaN: true, noDefaultInfinity: true });
const item = fc.record({ index: fc.nat(12), value: fc.option(value), low: value, high: value, limited: fc.boolean() }).map(({ index, value: of, low, high, limited }): MeasureItem =>
  ({ period: `w${index}`, numerator: 0, denominator: 1, value: of, flag: null, limits: limited ? { lower: Math.min(low, high), centre: (low + high) / 2, upper: Math.max(low, high) } : null }));

describe('the shape of a chart', () => {
  it('keeps everything within the box, higher values higher, and each number at one point', () => {
    fc.assert(fc.property(fc.uniqueArray(item, { selector: ({ period }) => period }), (items) => {
      const { lines, bands, points } = chartShape(names, items);
      const spots = [...lines, ...bands].flatMap((line) => line.split(' ')).map((spot) => spot.split(',').map(Number));
      const inside = spots.every(([x = -1, y = -1]) => x >= BOX.left && x <= BOX.right && y >= BOX.top && y <= BOX.bottom);
      const ordered = points.every((one) => points.every((other) => one.value <= other.value || one.y <= other.y));
      return inside && ordered && points.length === items.filter((one) => one.value !== null).length;
    }));
  });
  it('draws no line over a period without a number', () => {
    const known = (index: number): MeasureItem => ({ period: `w${index}`, numerator: 1, denominator: null, value: 1, flag: null, limits: null });
    expect(chartShape(names, [0, 1, 2, 5, 6].map(known)).lines.map((line) => line.split(' ').length)).toEqual([3, 2]);
  });
});
