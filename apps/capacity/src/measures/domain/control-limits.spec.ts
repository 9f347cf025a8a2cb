import fc from 'fast-check';
import { FEWEST_PERIODS, judge } from './control-limits';

const share = { kind: 'share', rows: 'visit' } as const;
const mean = { kind: 'mean', rows: 'access' } as const;
const steady = (n: number, numerator: number, denominator: number) => Array.from({ length: n }, () => ({ numerator, denominator }));

describe('control limits', () => {
  it('P18: of a share lie three standard deviations of chance around the middle, wider for a small week', () => {
    const judged = judge(share, [...steady(8, 10, 100), { numerator: 1, denominator: 10 }]);
    // p = 81 / 810 = 0.1; 3 sqrt(0.09 / 100) = 0.09; 3 sqrt(0.09 / 10) = 0.2846
    expect(judged[0]).toEqual({ limits: { centre: 0.1, lower: expect.closeTo(0.01, 6), upper: expect.closeTo(0.19, 6) }, flag: null });
    expect(judged[8]!.limits).toEqual({ centre: 0.1, lower: 0, upper: expect.closeTo(0.3846, 4) });
  });

  it('P18: of a mean follow from how much one period differs from the next', () => {
    const judged = judge(mean, [10, 12, 10, 12, 10, 12, 10, 12, 30].map((numerator) => ({ numerator, denominator: 1 })));
    // mean 118 / 9; mean moving range (7 x 2 + 18) / 8 = 4; 3 / 1.128 x 4 = 10.638
    expect(judged[8]).toEqual({ limits: { centre: expect.closeTo(13.1111, 4), lower: expect.closeTo(2.4728, 3), upper: expect.closeTo(23.7494, 3) }, flag: 'above' });
    expect(judged.slice(0, 8).every(({ flag }) => flag === null)).toBe(true);
  });

  it('P18: are not drawn from fewer than eight periods, and a period without a value is flagged by none', () => {
    expect(judge(share, steady(FEWEST_PERIODS - 1, 1, 10)).every(({ limits, flag }) => limits === null && flag === null)).toBe(true);
    expect(judge(share, [...steady(8, 1, 10), { numerator: 0, denominator: 0 }])[8]).toEqual({ limits: null, flag: null });
  });

  it('P18: shares and counts never have limits below nothing, and a steady series is never flagged', () => {
    fc.assert(fc.property(fc.constantFrom(share, mean, { kind: 'sum', rows: 'visit' } as const), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 99 }), fc.integer({ min: 8, max: 40 }), (measure, numerator, denominator, n) => {
      for (const { limits, flag } of judge(measure, steady(n, numerator, denominator))) {
        expect(flag).toBeNull();
        expect(limits!.lower).toBeGreaterThanOrEqual(0);
        expect(limits!.lower).toBeLessThanOrEqual(limits!.upper);
      }
    }));
  });
});
