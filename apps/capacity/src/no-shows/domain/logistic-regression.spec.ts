import fc from 'fast-check';
import { fitLogistic, gradientAt, logistic, logitOf } from './logistic-regression';

const chances = (rows: readonly number[][], misses: readonly boolean[], l2: number) => { const fit = fitLogistic(rows, misses, l2); return rows.map((row) => logistic(logitOf(fit, row))); };

describe('logistic regression', () => {
  it('finds the known answer of two groups: the chance of each is its share, nearly without penalty', () => {
    const rows = [...new Array(10).fill([0]), ...new Array(20).fill([1])] as number[][];
    const misses = rows.map((row, i) => (row[0] === 0 ? i < 2 : i < 25));
    const found = chances(rows, misses, 1e-9);
    expect(found[0]).toBeCloseTo(0.2, 6);
    expect(found[29]).toBeCloseTo(0.75, 6);
  });

  it('stays finite and in order where the classes can be parted without an error', () => {
    const fit = fitLogistic([[-2], [-1], [1], [2]], [false, false, true, true], 1);
    expect(fit.intercept).toBeCloseTo(0, 9);
    expect(fit.weights[0]).toBeGreaterThan(0);
    expect(fit.weights[0]).toBeLessThan(5);
  });

  it('knows only the base rate where the feature says nothing', () => {
    const fit = fitLogistic([[1], [1], [-1], [-1]], [true, false, true, false], 1);
    expect(fit.weights[0]).toBeCloseTo(0, 9);
    expect(logistic(fit.intercept)).toBeCloseTo(0.5, 9);
  });

  it('ends where the gradient is zero, and again at the same place', () => {
    const row = fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), fc.boolean());
    fc.assert(fc.property(fc.array(row, { minLength: 3, maxLength: 60 }).filter((rows) => new Set(rows.map(([, , missed]) => missed)).size === 2), fc.double({ min: 0.1, max: 10, noNaN: true }), (data, l2) => {
      const [rows, misses] = [data.map(([a, b]) => [a, b]), data.map(([, , missed]) => missed)];
      const fit = fitLogistic(rows, misses, l2);
      for (const slope of gradientAt(rows, misses, l2, fit)) expect(Math.abs(slope)).toBeLessThan(1e-6);
      expect(fitLogistic(rows, misses, l2)).toEqual(fit);
    }));
  });
});
