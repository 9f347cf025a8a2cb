import { earlier } from './choice';
import { type Outcome, outcomesOf, type Said } from './rolling';
import type { Series } from './series';

/** Half the width of the 80 % and of the 95 % interval at each slot ahead. */
export interface Widths {
  readonly 80: readonly number[];
  readonly 95: readonly number[];
}
/** Fewer outcomes than this cannot bound 95 of 100. */
export const LEAST_OUTCOMES = 20;

/** Intervals around what was said at `now`, from the errors of what was said before; null where there were too few. */
export const intervals = (series: Series, said: readonly Said[], now: number, horizon: number): Widths | null => widths(earlier(said, now).flatMap((one) => outcomesOf(series, one, now)), horizon);

/**
 * Split conformal widths (Lei et al. 2018): absolute errors are made comparable over the horizon by their mean size, which never
 * falls with the horizon, and the one of rank `(n + 1) * level` bounds what follows.
 */
export function widths(outcomes: readonly Outcome[], horizon: number): Widths | null {
  if (outcomes.length < LEAST_OUTCOMES) return null;
  const errors = outcomes.map(({ ahead, forecast, value }) => ({ ahead, size: Math.abs(forecast - value) }));
  const sizes = sizesByHorizon(errors, horizon);
  const relative = errors.map(({ ahead, size }) => size / (sizes[ahead - 1] || 1)).sort((a, b) => a - b);
  const at = (level: number): number[] => {
    const bound = relative[Math.min(relative.length, Math.ceil((relative.length + 1) * level)) - 1] ?? 0;
    return sizes.map((size) => size * bound);
  };
  return { 80: at(0.8), 95: at(0.95) };
}

/** Mean size of the errors at each slot ahead, pooled with its neighbours wherever it would fall with the horizon (isotonic regression), because nobody knows more of what lies further away. */
function sizesByHorizon(errors: readonly { readonly ahead: number; readonly size: number }[], horizon: number): number[] {
  const pools: { sum: number; count: number; slots: number }[] = [];
  for (let ahead = 1; ahead <= horizon; ahead++) {
    const here = errors.filter((error) => error.ahead === ahead).map(({ size }) => size);
    pools.push({ sum: here.reduce((sum, size) => sum + size, 0), count: here.length, slots: 1 });
    for (let [before, last] = pools.slice(-2); before && last && (last.count === 0 || before.sum * last.count >= last.sum * before.count); [before, last] = pools.slice(-2)) {
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count, slots: before.slots + last.slots });
    }
  }
  return pools.flatMap(({ sum, count, slots }) => Array<number>(slots).fill(count > 0 ? sum / count : 0));
}
