/** A mean over runs with its 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Student's interval of the mean. Throws RangeError under 5 runs, where the expansion of the quantile is no longer good to a percent. */
export function intervalOf(values: readonly number[]): Interval {
  const runs = values.length;
  if (runs < 5) throw new RangeError('An interval needs at least 5 runs.');
  const mean = values.reduce((sum, value) => sum + value, 0) / runs;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
  const half = student975(runs - 1) * Math.sqrt(spread / runs);
  return { mean, low: mean - half, high: mean + half };
}

/** The 97.5 % point of Student's t by the expansion in 1/freedom (Abramowitz and Stegun 26.7.5). */
export function student975(freedom: number): number {
  const z = 1.959963985;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) + (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3);
}
