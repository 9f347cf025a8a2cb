import { type Said, outcomesOf } from './rolling';
import type { Series } from './series';

/** Earlier origins that choices and intervals look back on. */
export const LOOKS_BACK = 40;
/** Earlier origins at which a method must have spoken before it can be chosen. */
export const LEAST_ORIGINS = 8;

export interface Choice {
  /** Place in the list of methods. */
  readonly method: number;
  /** Absolute errors of each method as a share of those of the first one, the seasonal naive, at the same origins; null where it has not spoken often enough. */
  readonly scores: readonly (number | null)[];
}

/** The method that erred least at the origins before `now`, by what was known then; null where there were too few of them. */
export function choose(series: Series, methods: readonly (readonly Said[])[], now: number): Choice | null {
  const scores = methods.map((said) => score(series, said, methods[0] ?? [], now));
  const best = scores.reduce<number | null>((found, value, i) => (value !== null && value < (scores[found ?? -1] ?? Infinity) ? i : found), null);
  return best === null ? null : { method: best, scores };
}

/** The last origins before `now`. */
export const earlier = (said: readonly Said[], now: number): readonly Said[] => said.filter(({ origin }) => origin < now).slice(-LOOKS_BACK);

function score(series: Series, said: readonly Said[], naive: readonly Said[], now: number): number | null {
  let own = 0;
  let other = 0;
  let origins = 0;
  const beside = earlier(naive, now);
  earlier(said, now).forEach((mine, i) => {
    const outcomes = outcomesOf(series, mine, now);
    const others = beside[i] ? outcomesOf(series, beside[i], now) : [];
    if (outcomes.length === 0 || others.length === 0) return;
    origins += 1;
    for (const { forecast, value } of outcomes) own += Math.abs(forecast - value);
    for (const { forecast, value } of others) other += Math.abs(forecast - value);
  });
  if (origins < LEAST_ORIGINS) return null;
  // Why: where the naive method never erred, a method that did not either is as good, and no better.
  return other > 0 ? own / other : own > 0 ? Number.MAX_VALUE : 1;
}
