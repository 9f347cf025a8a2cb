import type { Tx } from '@slotmesh/persistence';
import type { Refusal, Refuse } from './refusals';

export interface Refused {
  readonly index: number;
  readonly refusal: Refusal;
}

/** Carries what stood in the way past the savepoint that takes everything else back. */
class TakenBack extends Error {
  constructor(readonly refused: readonly Refused[]) {
    super('taken back');
  }
}

/** Does all of it, or nothing where anything is refused; with `keep` false nothing in any case. Locks that were taken on the way are given up with it. */
export async function allOrNone<T>(tx: Tx, fn: (refuse: Refuse) => Promise<T>, keep = true): Promise<{ readonly done: T } | { readonly refused: readonly Refused[] }> {
  try {
    return {
      done: await tx.savepoint(async () => {
        const refused: Refused[] = [];
        const done = await fn(async (index, refusal) => {
          // Why the first: what comes after it is of no use to who asks.
          if (!refused.some((known) => known.index === index)) refused.push({ index, refusal });
        });
        if (refused.length > 0 || !keep) throw new TakenBack(refused);
        return done;
      }),
    };
  } catch (error) {
    if (error instanceof TakenBack) return { refused: error.refused };
    throw error;
  }
}
