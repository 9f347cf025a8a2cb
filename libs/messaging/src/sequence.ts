/** What is known about a key when one of its records comes. */
export interface KeyState {
  /** Last sequence handled or discarded; 0 before the first. */
  readonly last: number;
  /** Sequences of this key in the park. */
  readonly parked: ReadonlySet<number>;
}

/**
 * - `duplicate`: it has been handled, discarded or parked already;
 * - `run`: it is the next;
 * - `behind`: its predecessor is parked, so it waits behind it;
 * - `gap`: its predecessor never came.
 */
export type SequenceDecision = 'duplicate' | 'run' | 'behind' | 'gap';

/** The inbox rule: smaller or equal is a duplicate, only last + 1 runs, anything else parks (DESIGN section 5). */
export function decide(sequence: number, { last, parked }: KeyState): SequenceDecision {
  if (sequence <= last || parked.has(sequence)) return 'duplicate';
  if (sequence === last + 1) return 'run';
  return parked.has(sequence - 1) ? 'behind' : 'gap';
}

/** Whether these records follow each other without a gap, so that they can be taken in one transaction. */
export const isContiguous = (sequences: readonly number[]): boolean => sequences.every((sequence, index) => index === 0 || sequence === sequences[index - 1]! + 1);

/** Pause before the next attempt: doubling from `firstMs`, at most `maxMs`, a fifth spread so that keys do not come back together. */
export function backoffMs(attempts: number, firstMs: number, maxMs: number, random: number = Math.random()): number {
  const whole = Math.min(firstMs * 2 ** Math.max(attempts - 1, 0), maxMs);
  return Math.round(whole * (0.9 + 0.2 * random));
}
