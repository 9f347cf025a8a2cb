import { type Distribution, NOBODY, convolved, kept, mean, waitOfQueue, withoutOne } from './distribution';
import type { ShowRate } from './show-rate';

/** For every slot of a session, the rates of the visits booked into it. */
export type BookedSlots = readonly (readonly ShowRate[])[];

/** What a session comes to; times are in slots. */
export interface SessionOutcome {
  /** People who come and are seen. */
  readonly seen: number;
  /** Of all who come, together. */
  readonly wait: number;
  /** After the last slot. */
  readonly overtime: number;
  /** Slots in which nobody is there. */
  readonly idle: number;
  /** Before each slot, and after the last: who came earlier and was not seen yet. */
  readonly waiting: readonly Distribution[];
}

/**
 * What to expect of a session in which a visit takes one slot and everybody comes on time, exactly (the recursion of Muthuraman and Lawley 2008 with a
 * fixed service time): B_1 = 0, N_t = B_t + A_t, B_t+1 = max(0, N_t - 1), where A_t are those booked into slot t who come.
 */
export function outcomeOf(slots: BookedSlots): SessionOutcome {
  const waiting: Distribution[] = [NOBODY];
  let [wait, idle] = [0, 0];
  for (const rates of slots) {
    const present = convolved(waiting.at(-1) ?? NOBODY, kept(rates));
    const left = withoutOne(present);
    idle += present[0] ?? 0;
    wait += mean(left);
    waiting.push(left);
  }
  const after = waiting.at(-1) ?? NOBODY;
  return { seen: slots.flat().reduce<number>((sum, rate) => sum + rate, 0), wait: wait + waitOfQueue(after), overtime: mean(after), idle, waiting };
}

/** What a person seen is worth, and what a slot of waiting and a slot of overtime cost, in the worth of one person. */
export interface Weights {
  readonly seen: number;
  readonly wait: number;
  readonly overtime: number;
}
/** LaGanga and Lawrence (2007) weigh the same three; these figures are ours and can be changed. */
export const USUAL_WEIGHTS: Weights = { seen: 1, wait: 0.1, overtime: 1.5 };

export const utilityOf = ({ seen, wait, overtime }: SessionOutcome, weights: Weights): number => weights.seen * seen - weights.wait * wait - weights.overtime * overtime;
