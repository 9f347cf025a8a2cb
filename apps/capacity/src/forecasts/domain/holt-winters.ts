import type { ForecastMethod } from './method';
import { mean } from './mean';
import { isUsual, type Series } from './series';
import { shareOfUsual } from './special-slots';

export interface Smoothing { readonly level: number; readonly trend: number; readonly season: number; readonly damping: number }
export interface State { level: number; trend: number; readonly season: Float64Array; squares: number }

// Why a grid: it finds the same numbers on every machine, and the sum of squares is flat around its least.
const GRID: readonly Smoothing[] = [0.03, 0.08, 0.15, 0.3, 0.5].flatMap((level) => [0.02, 0.1, 0.25].flatMap((season) => [
  { level, season, trend: 0, damping: 1 },
  ...[0.02, 0.1].flatMap((trend) => [0.8, 0.9, 0.98].map((damping) => ({ level, season, trend, damping }))),
]));

/** Additive Holt-Winters with a damped trend (Gardner and McKenzie 1985); closed days, half-days and holidays teach it nothing and take their share of the usual. */
export const holtWinters: ForecastMethod = {
  name: 'Holt-Winters',
  needs: (season) => 2 * season,
  forecast: (known, horizon) => {
    const usual = usualSlots(known);
    const start = startOf(usual, known.season);
    let best = GRID[0]!;
    let least = Infinity;
    for (const smoothing of GRID) {
      const { squares } = smooth(usual, known.season, start, smoothing);
      if (squares < least) [best, least] = [smoothing, squares];
    }
    const { level, trend, season } = smooth(usual, known.season, start, best);
    const share = shareOfUsual(known);
    let damped = 0;
    let factor = 1;
    return known.slots.slice(known.values.length, known.values.length + horizon).map((slot) => {
      factor *= best.damping;
      damped += factor;
      return share(slot) * Math.max(0, level + damped * trend + (season[slot.place] ?? 0));
    });
  },
};

export interface Usual { readonly place: number; readonly value: number }
const usualSlots = (known: Series): Usual[] => known.values.flatMap((value, i) => {
  const slot = known.slots[i];
  return slot && value !== null && isUsual(slot) ? [{ place: slot.place, value }] : [];
});

/** Level and seasonal parts of the first two seasons. */
function startOf(usual: readonly Usual[], season: number): { level: number; season: Float64Array } {
  const first = usual.slice(0, 2 * season);
  const level = mean(first.map(({ value }) => value));
  const parts = Float64Array.from({ length: season }, (_, place) => {
    const here = first.filter((slot) => slot.place === place);
    return here.length > 0 ? mean(here.map(({ value }) => value)) - level : 0;
  });
  return { level, season: parts };
}

/** Level, trend and season after the last slot, and the sum of squared errors one slot ahead. */
export function smooth(usual: readonly Usual[], seasonLength: number, start: { level: number; season: Float64Array }, by: Smoothing): State {
  const season = Float64Array.from(start.season);
  let { level } = start;
  let trend = 0;
  let squares = 0;
  for (let i = 0; i < usual.length; i++) {
    const { place, value } = usual[i]!;
    const part = season[place]!;
    const before = level + by.damping * trend;
    const error = value - before - part;
    // Why: the first season's errors say how good the start was, not the smoothing.
    if (i >= seasonLength) squares += error * error;
    level = before + by.level * error;
    trend = by.damping * trend + by.level * by.trend * error;
    season[place] = part + by.season * (1 - by.level) * error;
  }
  return { level, trend, season, squares };
}
