import type { CatalogueMeasure, MeasureKind } from './catalogue';

/** What a period's number is made of. */
export interface Point {
  readonly numerator: number;
  readonly denominator: number | null;
}
export interface Limits {
  readonly centre: number;
  readonly lower: number;
  readonly upper: number;
}
export interface Judged {
  readonly limits: Limits | null;
  /** Outside what chance makes of the same process; anything inside is no news. */
  readonly flag: 'above' | 'below' | null;
}

/** Fewer periods than this say nothing about what chance does. */
export const FEWEST_PERIODS = 8;
/** Three sigma from the mean moving range of two (Shewhart's individuals chart): 3 / d2, d2 = 1.128. */
const OF_MOVING_RANGE = 3 / 1.128;

/**
 * Control limits of a series in order of time. A share of people: p-chart, each period by its own size. Anything else, shares of minutes too (no trials of one chance each): individuals and moving ranges. The last period is judged by all of the series, as the others are;
 * no limits under eight periods with a value.
 */
export function judge({ kind, rows }: Pick<CatalogueMeasure, 'kind' | 'rows'>, points: readonly Point[]): readonly Judged[] {
  const values = points.map(({ numerator, denominator }) => (kind === 'sum' ? numerator : denominator ? numerator / denominator : null));
  const known = values.filter((value) => value !== null);
  if (known.length < FEWEST_PERIODS) return points.map(() => ({ limits: null, flag: null }));
  const of = kind === 'share' && (rows === 'visit' || rows === 'referral') ? shareLimits(points) : individualLimits(kind, known);
  return points.map((point, index) => {
    const value = values[index] ?? null;
    const limits = of(point);
    return { limits, flag: value === null || limits === null ? null : sideOf(value, limits) };
  });
}

function shareLimits(points: readonly Point[]): (point: Point) => Limits | null {
  const sum = (pick: (point: Point) => number) => points.reduce((total, point) => total + pick(point), 0);
  const centre = sum(({ numerator, denominator }) => (denominator ? numerator : 0)) / sum(({ denominator }) => denominator ?? 0);
  return ({ denominator }) => {
    if (!denominator) return null;
    const sigma = Math.sqrt((Math.max(0, centre * (1 - centre))) / denominator);
    return { centre, lower: Math.max(0, centre - 3 * sigma), upper: Math.min(1, centre + 3 * sigma) };
  };
}

function individualLimits(kind: MeasureKind, values: readonly number[]): () => Limits {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const ranges = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? value)));
  const reach = (OF_MOVING_RANGE * ranges.reduce((sum, range) => sum + range, 0)) / ranges.length;
  const limits = { centre, lower: Math.max(0, centre - reach), upper: centre + reach };
  return () => limits;
}

/** What a sum of fractions leaves beyond a limit is no change. */
function sideOf(value: number, { centre, lower, upper }: Limits): 'above' | 'below' | null {
  const slack = 1e-9 * Math.max(1, Math.abs(centre));
  if (value > upper + slack) return 'above';
  return value < lower - slack ? 'below' : null;
}
