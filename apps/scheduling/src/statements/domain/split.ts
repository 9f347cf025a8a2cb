import type { PracticeId } from '@slotmesh/kernel';
import { type Cents, cents } from './money';
import { NothingToSplitBy } from './statement.errors';

/** How much of a cost is a practice's, beside the weights of the others: a whole number, not below zero. */
export interface Weight {
  readonly practice: PracticeId;
  readonly weight: number;
}
export interface Share {
  readonly practice: PracticeId;
  readonly amount: Cents;
}

/**
 * Divides an amount by weights to the cent (largest remainder, Hamilton): each practice gets its exact part cut to whole cents, and what is left goes, a cent each, to the largest cut-off parts;
 * equal ones by practice code. The shares sum to the amount. Answers in the order of practice codes. Throws NothingToSplitBy where no weight is above zero.
 */
export function split(amount: Cents, weights: readonly Weight[]): Share[] {
  const sorted = [...weights].sort((a, b) => byCode(a.practice, b.practice));
  if (sorted.some(({ weight }) => !Number.isSafeInteger(weight) || weight < 0) || sorted.every(({ weight }) => weight === 0)) throw new NothingToSplitBy();
  // Why BigInt: amount times weight may be beyond what a number holds exactly.
  const [total, sum] = [BigInt(Math.abs(amount)), sorted.reduce((all, { weight }) => all + BigInt(weight), 0n)];
  const parts = sorted.map(({ practice, weight }) => ({ practice, whole: (total * BigInt(weight)) / sum, rest: (total * BigInt(weight)) % sum }));
  const left = Number(total - parts.reduce((given, { whole }) => given + whole, 0n));
  const rounded = new Set([...parts].sort((a, b) => (a.rest === b.rest ? byCode(a.practice, b.practice) : a.rest > b.rest ? -1 : 1)).slice(0, left));
  return parts.map((part) => ({ practice: part.practice, amount: cents((amount < 0 ? -1 : 1) * (Number(part.whole) + (rounded.has(part) ? 1 : 0))) }));
}

/** By code unit, the same on every machine: a collation of the place would move a cent. */
export const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
