import { type Instant, MINUTE, instant, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Attempts, afterWrong, isLocked } from './attempts';

const none: Attempts = { wrong: 0, lockedUntil: null };
const start = instant(Date.UTC(2026, 10, 26));

/** Guesses wrongly after each pause; how many were looked at, and when. */
function guess(pauses: readonly number[]): Instant[] {
  let [now, attempts] = [start, none];
  const looked: Instant[] = [];
  for (const pause of pauses) {
    now = plusMs(now, pause);
    if (isLocked(attempts, now)) continue;
    looked.push(now);
    attempts = afterWrong(attempts, now);
  }
  return looked;
}

describe('wrong birth dates', () => {
  it('lock the door after five for 15 minutes, and not a moment longer', () => {
    const attempts = Array.from({ length: 5 }).reduce<Attempts>((before) => afterWrong(before, start), none);
    expect(isLocked(attempts, start)).toBe(true);
    expect(isLocked(attempts, plusMs(start, 15 * MINUTE - 1))).toBe(true);
    expect(isLocked(attempts, plusMs(start, 15 * MINUTE))).toBe(false);
  });

  it('are never looked at six times within 15 minutes, whatever the pauses', () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 20 * MINUTE }), { maxLength: 200 }), (pauses) => {
      const looked = guess(pauses);
      looked.slice(5).forEach((at, index) => expect(at - looked[index]!).toBeGreaterThanOrEqual(15 * MINUTE));
    }));
  });

  it('leave a patient guesser of four weeks fewer than 200 of some 36,000 dates', () => {
    expect(guess(Array.from({ length: 28 * 24 * 12 }, () => 5 * MINUTE)).length).toBeLessThan(200);
  });
});
