import { DAY, type Instant, MINUTE, plusMs } from '@slotmesh/kernel';

/** Wrong birth dates so far at the door of one visit, for one audience; a right one begins anew. */
export interface Attempts {
  readonly wrong: number;
  readonly lockedUntil: Instant | null;
}

const WRONG_PER_LOCK = 5;
const FIRST_LOCK = 15 * MINUTE;

export const isLocked = (attempts: Attempts, now: Instant): boolean => attempts.lockedUntil !== null && now < attempts.lockedUntil;

/**
 * After each five wrong ones the door stays shut: 15 minutes, then twice as long each time, a day at most. There are some 36,000 birth dates: with always
 * 15 minutes, four weeks of guessing would find one link's in three.
 */
export function afterWrong(attempts: Attempts, now: Instant): Attempts {
  const wrong = attempts.wrong + 1;
  if (wrong % WRONG_PER_LOCK !== 0) return { wrong, lockedUntil: attempts.lockedUntil };
  return { wrong, lockedUntil: plusMs(now, Math.min(FIRST_LOCK * 2 ** (wrong / WRONG_PER_LOCK - 1), DAY)) };
}
