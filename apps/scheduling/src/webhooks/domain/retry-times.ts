import { HOUR, MINUTE, SECOND } from '@slotmesh/kernel';

/** Pauses before the second, third .. try, as Standard Webhooks proposes: a little more than three days in all. */
const PAUSES = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/** Milliseconds until the next try after `tries` that failed, up to a tenth longer so that many do not come back together; null: no more. */
export function pauseAfter(tries: number, random: number = Math.random()): number | null {
  const pause = PAUSES[tries - 1];
  return pause === undefined ? null : Math.round(pause * (1 + random / 10));
}
