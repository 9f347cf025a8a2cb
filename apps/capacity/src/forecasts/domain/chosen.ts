import { choose } from './choice';
import type { Said } from './rolling';
import type { Series } from './series';

/** What was said by the method that was chosen at each origin; `method` is its place in the list, null where none could be chosen yet. */
export interface ChosenSaid extends Said {
  readonly method: number | null;
}

/** Chooses anew at each origin, each time by earlier origins alone. */
export const chosenOf = (series: Series, methods: readonly (readonly Said[])[]): ChosenSaid[] => (methods[0] ?? []).map(({ origin }, i) => {
  const choice = choose(series, methods, origin);
  return { origin, method: choice?.method ?? null, forecast: choice ? (methods[choice.method]?.[i]?.forecast ?? null) : null };
});

/** Origins to try before the first that counts: as many as choices and intervals look back on, each on choices that look back as far. */
export function originsBefore(first: number, step: number, looksBack: number): number[] {
  const count = Math.min(2 * looksBack, Math.floor((first - 1) / step));
  return Array.from({ length: count }, (_, k) => first - (count - k) * step);
}
