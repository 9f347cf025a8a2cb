import { METHODS } from './methods';
import type { ForecastMethod } from './method';
import { knownBefore, type Series } from './series';

/** What a method said at one origin of the slots after it; null where it had too little to go by. */
export interface Said {
  readonly origin: number;
  readonly forecast: readonly number[] | null;
}
/** One forecast held against what came. */
export interface Outcome {
  /** From 1: the first slot after the origin. */
  readonly ahead: number;
  readonly forecast: number;
  readonly value: number;
}

/** What each method said at each origin, from nothing but the values before that origin; methods in the order given. */
export const roll = (series: Series, origins: readonly number[], horizon: number, methods: readonly ForecastMethod[] = METHODS): Said[][] => methods.map((method) => origins.map((origin) => {
  const known = knownBefore(series, origin);
  return { origin, forecast: openValues(known) < method.needs(series.season) ? null : method.forecast(known, horizon) };
}));

/** How many open slots have a value. */
export const openValues = ({ slots, values }: Series): number => values.filter((value, i) => value !== null && !slots[i]?.closed).length;

/** Forecasts of open slots whose value was known before slot `now`. Closed slots are left out: nobody errs about them. */
export function outcomesOf(series: Series, { origin, forecast }: Said, now = Infinity): Outcome[] {
  return (forecast ?? []).flatMap((said, h) => {
    const at = origin + h;
    const value = series.values[at];
    return at < now && value !== null && value !== undefined && !series.slots[at]?.closed ? [{ ahead: h + 1, forecast: said, value }] : [];
  });
}
