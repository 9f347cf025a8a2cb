import fc from 'fast-check';
import { driftOf, stabilityIndex } from './drift';
import { type Judged, auc, brier, calibrationBins, calibrationError, skill, topTenthPrecision } from './quality';

const judged = (...pairs: readonly (readonly [number, 0 | 1])[]): Judged[] => pairs.map(([score, missed]) => ({ score, missed: missed === 1 }));
const any = fc.array(fc.record({ score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), missed: fc.boolean() }), { minLength: 1, maxLength: 60 });

describe('the quality of a score', () => {
  it('AUC, Brier score, skill and precision are those counted by hand', () => {
    const four = judged([0.1, 0], [0.4, 1], [0.4, 0], [0.8, 1]);
    expect(auc(four)).toBe((1 + 0.5 + 1 + 1) / 4);
    expect(brier(four)).toBeCloseTo((0.01 + 0.36 + 0.16 + 0.04) / 4, 12);
    expect(skill(four, 0.5)).toBeCloseTo(1 - 0.1425 / 0.25, 12);
    expect(topTenthPrecision(four)).toBe(1);
    expect([auc([]), auc(judged([0.5, 1])), brier([]), topTenthPrecision([])]).toEqual([null, null, null, null]);
  });

  it('AUC is the share of pairs in the right order, ties as half', () => {
    fc.assert(fc.property(any, (visits) => {
      const pairs = visits.filter(({ missed }) => missed).flatMap(({ score }) => visits.filter(({ missed }) => !missed).map((kept): number => (score > kept.score ? 1 : score === kept.score ? 0.5 : 0)));
      const expected = pairs.length === 0 ? null : pairs.reduce((sum, won) => sum + won, 0) / pairs.length;
      if (expected === null) expect(auc(visits)).toBeNull();
      else expect(auc(visits)).toBeCloseTo(expected, 9);
    }));
  });

  it('bins hold every visit once, and the calibration error of hand-counted bins is their weighed distance', () => {
    fc.assert(fc.property(any, (visits) => expect(calibrationBins(visits).reduce((sum, bin) => sum + bin.visits, 0)).toBe(visits.length)));
    expect(calibrationBins(judged([0.2, 0], [0.2, 1], [0.6, 1], [0.8, 1]), 2)).toEqual([{ visits: 2, expected: 0.2, observed: 0.5 }, { visits: 2, expected: 0.7, observed: 1 }]);
    expect(calibrationError(calibrationBins(judged([0.2, 0], [0.2, 1], [0.6, 1], [0.8, 1]), 2))).toBeCloseTo(0.3, 12);
  });
});

describe('drift', () => {
  const even = Array.from({ length: 400 }, (_, i) => (i + 0.5) / 1000);
  const asScored = even.map((score, i) => ({ score, missed: i % 5 === 0 }));

  it('is none where recent visits are like those of the test', () => {
    expect(stabilityIndex(even, even)).toBeCloseTo(0, 12);
    expect(driftOf(even, asScored)).toMatchObject({ alarm: false, calibrationZ: expect.closeTo(0, 6) });
  });

  it('alarms where the scores have shifted, or far more are missed than expected, and judges no handful', () => {
    const shifted = asScored.map(({ missed }, i) => ({ score: 0.3 + i / 4000, missed: missed || i % 3 === 0 }));
    expect(driftOf(even, shifted)).toMatchObject({ alarm: true });
    expect(driftOf(even, shifted).stability).toBeGreaterThan(0.25);
    const worse = even.map((score, i) => ({ score, missed: i % 3 === 0 }));
    expect(driftOf(even, worse)).toMatchObject({ alarm: true, stability: expect.closeTo(0, 9) });
    expect(driftOf(even, worse.slice(0, 199))).toMatchObject({ alarm: false, stability: null, calibrationZ: null, visits: 199 });
  });
});
