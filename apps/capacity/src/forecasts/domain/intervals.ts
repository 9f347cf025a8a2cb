import { earlier } from './choice';
import { mean } from './mean';
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
 * Split conformal widths (Lei et al. 2018): absolute errors are made comparable over the horizon by their mean size, which is taken to grow in a straight
 * line, and the one of rank `(n + 1) * level` bounds what follows.
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

/** The least-squares line through the errors; it neither falls with the horizon nor begins below 0. */
function sizesByHorizon(errors: readonly { readonly ahead: number; readonly size: number }[], horizon: number): number[] {
  const ahead = mean(errors.map((error) => error.ahead));
  const size = mean(errors.map((error) => error.size));
  let together = 0;
  let alone = 0;
  for (const error of errors) {
    together += (error.ahead - ahead) * (error.size - size);
    alone += (error.ahead - ahead) ** 2;
  }
  const slope = alone === 0 ? 0 : Math.min(Math.max(0, together / alone), size / ahead);
  return Array.from({ length: horizon }, (_, h) => size + slope * (h + 1 - ahead));
}
