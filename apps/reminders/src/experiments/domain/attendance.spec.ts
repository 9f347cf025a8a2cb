import fc from 'fast-check';
import { newcombe, shownDifference, shownShare, wilson } from './attendance';

describe('attendance with its intervals', () => {
  it('has the published intervals: Newcombe 1998, 81 of 263, and 56 of 70 against 48 of 80', () => {
    const one = wilson({ visits: 263, attended: 81 });
    expect([one.low.toFixed(4), one.high.toFixed(4)]).toEqual(['0.2553', '0.3662']);
    const two = newcombe({ visits: 70, attended: 56 }, { visits: 80, attended: 48 });
    expect([two.difference.toFixed(4), two.low.toFixed(4), two.high.toFixed(4)]).toEqual(['0.2000', '0.0524', '0.3339']);
  });

  it('keeps the share within its interval and the interval within 0 and 1, and is symmetric', () => {
    const share = fc.integer({ min: 1, max: 5_000 }).chain((visits) => fc.integer({ min: 0, max: visits }).map((attended) => ({ visits, attended })));
    fc.assert(fc.property(share, share, (a, b) => {
      const { low, high } = wilson(a);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low - 1e-9).toBeLessThanOrEqual(a.attended / a.visits);
      expect(high + 1e-9).toBeGreaterThanOrEqual(a.attended / a.visits);
      const [there, back] = [newcombe(a, b), newcombe(b, a)];
      expect(there.low).toBeCloseTo(-back.high, 9);
      expect(there.low).toBeGreaterThanOrEqual(-1 - 1e-9);
    }));
  });

  it('shows nothing of fewer than eleven', () => {
    expect([shownShare({ visits: 10, attended: 9 }), shownDifference({ visits: 100, attended: 9 }, { visits: 10, attended: 9 })]).toEqual([null, null]);
    expect(shownShare({ visits: 11, attended: 9 })).toMatchObject({ visits: 11, attended: 9, missed: 2 });
  });
});
