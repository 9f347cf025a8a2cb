import fc from 'fast-check';
import { instant } from './instant';
import { contains, intersect, overlaps, subtract, type TimeRange, union } from './time-range';

const range = (start: number, end: number): TimeRange => ({ start: instant(start), end: instant(end) });
const anyRange = fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => range(a, b));
const some = fc.array(anyRange, { maxLength: 12 });
/** A set of ranges as the points it covers: the plain meaning against which the quick way is held. */
const points = (ranges: readonly TimeRange[]): string => Array.from({ length: 61 }, (_, at) => (ranges.some((r) => r.start <= at && at < r.end) ? '#' : '.')).join('');
const both = (a: string, b: string, keep: (a: boolean, b: boolean) => boolean): string => [...a].map((c, i) => (keep(c === '#', b[i] === '#') ? '#' : '.')).join('');
const isTidy = (ranges: readonly TimeRange[]): boolean => ranges.every((r, i) => r.start < r.end && (i === 0 || ranges[i - 1]!.end < r.start));

describe('time ranges', () => {
  it('union covers the same points, in order, joined where ranges touch', () => {
    fc.assert(fc.property(some, (a) => {
      expect(points(union(a))).toBe(points(a));
      expect(isTidy(union(a))).toBe(true);
      expect(union(union(a))).toEqual(union(a));
    }), { numRuns: 1_000 });
  });

  it('subtract leaves exactly the points that nothing removed covers', () => {
    fc.assert(fc.property(some, some, (a, b) => {
      expect(points(subtract(a, b))).toBe(both(points(a), points(b), (x, y) => x && !y));
      expect(isTidy(subtract(a, b))).toBe(true);
    }), { numRuns: 1_000 });
  });

  it('intersect keeps exactly the points that both cover, whichever comes first', () => {
    fc.assert(fc.property(some, some, (a, b) => {
      expect(points(intersect(a, b))).toBe(both(points(a), points(b), (x, y) => x && y));
      expect(isTidy(intersect(a, b))).toBe(true);
      expect(intersect(a, b)).toEqual(intersect(b, a));
    }), { numRuns: 1_000 });
  });

  it('P1: ranges that touch do not overlap; overlap is the same from both sides', () => {
    expect([overlaps(range(0, 5), range(5, 9)), overlaps(range(0, 6), range(5, 9)), contains(range(0, 9), range(0, 9)), contains(range(0, 9), range(1, 10))]).toEqual([false, true, true, false]);
    fc.assert(fc.property(anyRange.filter((r) => r.start < r.end), anyRange.filter((r) => r.start < r.end), (a, b) => {
      expect(overlaps(a, b)).toBe(intersect([a], [b]).length > 0);
      expect(overlaps(a, b)).toBe(overlaps(b, a));
    }));
  });

  it('changes none of its arguments', () => {
    const a = Object.freeze([Object.freeze(range(0, 5)), Object.freeze(range(3, 9))]);
    union(a); subtract(a, a); intersect(a, a);
    expect(a).toEqual([range(0, 5), range(3, 9)]);
  });

  it('takes away a year of bookings from a year of hours in a moment', () => {
    const hours = Array.from({ length: 20_000 }, (_, i) => range(i * 100, i * 100 + 80));
    const taken = Array.from({ length: 20_000 }, (_, i) => range(i * 100 + 10, i * 100 + 20));
    const before = process.cpuUsage();
    expect(subtract(hours, taken)).toHaveLength(40_000);
    expect(intersect(hours, taken)).toHaveLength(20_000);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });
});
