import type { LocalDate } from '@slotmesh/kernel';
import { bookedSoFar } from './booked-so-far';
import { choose, LEAST_ORIGINS, LOOKS_BACK } from './choice';
import { chosenOf, originsBefore } from './chosen';
import { intervals, LEAST_OUTCOMES } from './intervals';
import { METHODS } from './methods';
import { openValues, roll } from './rolling';
import { knownBefore, type Season, type Series } from './series';

/** One slot to come; nothing is below 0, and a closed slot is 0 with certainty. */
export interface ForecastPoint {
  readonly date: LocalDate;
  readonly value: number;
  readonly low80: number;
  readonly high80: number;
  readonly low95: number;
  readonly high95: number;
}
export interface Forecast {
  readonly kind: 'forecast';
  readonly method: string;
  /** So many of the next slots are said by what is booked so far instead. */
  readonly byBooked: number;
  readonly points: readonly ForecastPoint[];
  /** What was tried at earlier dates: absolute errors as a share of the seasonal naive method's; null where the history was too short for it. */
  readonly tried: readonly { readonly method: string; readonly relativeError: number | null }[];
}
export interface ForecastRefused {
  readonly kind: 'refused';
  readonly reason: string;
}

/** Slots between the earlier dates at which methods are tried. */
export const stepOf = (season: Season): number => (season === 52 ? 4 : season);

/**
 * Forecasts the `horizon` slots after the last value, by the method that did best at earlier dates, with intervals as wide as its errors there were. The
 * calendar has to reach as far. Refuses, with the reason, where the history is too short to try anything on.
 */
export function forecastDemand(series: Series, horizon: number): Forecast | ForecastRefused {
  const origin = series.values.length;
  if (series.slots.length < origin + horizon) return { kind: 'refused', reason: `The calendar ends ${series.slots.length - origin} slots after the last value; ${horizon} are to be forecast.` };
  const open = openValues(series);
  const needed = leastHistory(series.season, horizon);
  if (open < needed) return { kind: 'refused', reason: `${open} open ${WORD[series.season]} have a value; ${needed} are needed to try a forecast of ${horizon} on earlier dates before one is given.` };
  const origins = [...originsBefore(origin, stepOf(series.season), LOOKS_BACK), origin];
  const methods = roll(knownBefore(series, origin), origins, horizon);
  const choice = choose(series, methods, origin);
  const chosen = chosenOf(series, methods, series.booked ? roll(series, origins, horizon, [bookedSoFar])[0] : undefined);
  const around = intervals(series, chosen, origin, horizon);
  const last = chosen.at(-1);
  const values = last?.forecast;
  if (!choice || !around || !values) return { kind: 'refused', reason: `Too many of the last ${WORD[series.season]} have no value to try a forecast on earlier dates before one is given.` };
  const points = values.map((value, h) => {
    const { date, closed } = series.slots[origin + h]!;
    const [w80, w95] = closed ? [0, 0] : [around[80][h] ?? 0, around[95][h] ?? 0];
    return { date, value, low80: Math.max(0, value - w80), high80: value + w80, low95: Math.max(0, value - w95), high95: value + w95 };
  });
  return { kind: 'forecast', method: METHODS[choice.method]?.name ?? '', byBooked: last.byBooked, points, tried: METHODS.map(({ name }, i) => ({ method: name, relativeError: choice.scores[i] ?? null })) };
}

const WORD: Readonly<Record<Season, string>> = { 5: 'weekdays', 7: 'days', 52: 'weeks' };

/** A season for the simplest method, the dates that a choice needs, those that intervals need after it, and what the last of them forecast. */
export const leastHistory = (season: Season, horizon: number): number => season + (LEAST_ORIGINS + Math.max(LEAST_ORIGINS, Math.ceil(LEAST_OUTCOMES / horizon))) * stepOf(season) + horizon;
