import type { ShowRate } from './show-rate';

/** Chances of 0, 1, 2, .. people. */
export type Distribution = readonly number[];

export const NOBODY: Distribution = [1];

/** How many of these bookings are kept, each by its own rate and apart from the others (Poisson-binomial), by convolution. */
export function kept(rates: readonly ShowRate[]): Distribution {
  return rates.reduce<Distribution>((chances, rate) => convolved(chances, [1 - rate, rate]), NOBODY);
}

export function convolved(one: Distribution, other: Distribution): Distribution {
  const sum = new Array<number>(one.length + other.length - 1).fill(0);
  for (let i = 0; i < one.length; i++) for (let j = 0; j < other.length; j++) sum[i + j]! += one[i]! * other[j]!;
  return sum;
}

/** One of them is seen; none stays none. */
export function withoutOne([none = 0, one = 0, ...more]: Distribution): Distribution {
  return [none + one, ...more];
}

export const mean = (chances: Distribution): number => chances.reduce((sum, chance, people) => sum + chance * people, 0);
/** Of a queue that is served one a slot: slots that all of them wait together until the last one's turn. */
export const waitOfQueue = (chances: Distribution): number => chances.reduce((sum, chance, people) => sum + (chance * people * (people - 1)) / 2, 0);
