import { choose, earlier, LEAST_ORIGINS } from './choice';
import { outcomesOf, type Said } from './rolling';
import type { Series } from './series';

/** What was said by the method that was chosen at each origin; `method` is its place in the list, null where none could be chosen yet. */
export interface ChosenSaid extends Said {
  readonly method: number | null;
  /** So many slots ahead are said by what was booked so far. */
  readonly byBooked: number;
}

/** Chooses anew at each origin, each time by earlier origins alone; the nearest slots are said by what is booked where that erred less there. */
export const chosenOf = (series: Series, methods: readonly (readonly Said[])[], booked: readonly Said[] = []): ChosenSaid[] => (methods[0] ?? []).map(({ origin }, i) => {
  const choice = choose(series, methods, origin);
  const said = choice ? (methods[choice.method] ?? []) : [];
  const forecast = said[i]?.forecast ?? null;
  const near = booked[i]?.forecast ?? [];
  const byBooked = forecast === null ? 0 : Math.min(near.length, reachOfBooked(series, said, booked, origin));
  return { origin, method: choice?.method ?? null, byBooked, forecast: forecast && [...near.slice(0, byBooked), ...forecast.slice(byBooked)] };
});

/** For how many slots ahead what was booked erred less than the method, at each of them, at the origins before `now`. */
function reachOfBooked(series: Series, said: readonly Said[], booked: readonly Said[], now: number): number {
  const gains = new Map<number, number[]>();
  const beside = new Map(earlier(said, now).map((one) => [one.origin, outcomesOf(series, one, now)]));
  for (const one of earlier(booked, now)) {
    for (const { ahead, forecast, value } of outcomesOf(series, one, now)) {
      const other = beside.get(one.origin)?.find((outcome) => outcome.ahead === ahead);
      if (other) gains.set(ahead, [...(gains.get(ahead) ?? []), Math.abs(other.forecast - value) - Math.abs(forecast - value)]);
    }
  }
  let reach = 0;
  for (let ahead = 1; isGain(gains.get(ahead) ?? []); ahead++) reach = ahead;
  return reach;
}
const isGain = (gains: readonly number[]): boolean => gains.length >= LEAST_ORIGINS && gains.reduce((sum, gain) => sum + gain, 0) > 0;

/** Origins to try before the first that counts: as many as choices and intervals look back on, each on choices that look back as far. */
export function originsBefore(first: number, step: number, looksBack: number): number[] {
  const count = Math.min(2 * looksBack, Math.floor((first - 1) / step));
  return Array.from({ length: count }, (_, k) => first - (count - k) * step);
}
