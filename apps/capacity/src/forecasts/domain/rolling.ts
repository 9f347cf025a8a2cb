import { averageForecast, METHODS } from './methods';
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
export function roll(series: Series, origins: readonly number[], horizon: number, methods: readonly ForecastMethod[] = METHODS): Said[][] {
  const rounds = origins.map((origin) => sayAll(knownBefore(series, origin), horizon, methods).map((forecast) => ({ origin, forecast })));
  return methods.map((_, i) => rounds.map((round) => round[i]!));
}

/** Why one by one with a memory: averages are of methods that have spoken already, and fitting those again would be most of the work. */
function sayAll(known: Series, horizon: number, methods: readonly ForecastMethod[]): Said['forecast'][] {
  const usable = openValues(known);
  const said = new Map<ForecastMethod, readonly number[]>();
  const say = (method: ForecastMethod): readonly number[] => {
    const forecast = said.get(method) ?? (method.averages ? averageForecast(method.averages.map(say)) : method.forecast(known, horizon));
    said.set(method, forecast);
    return forecast;
  };
  return methods.map((method) => (usable < method.needs(known.season) ? null : say(method)));
}

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
