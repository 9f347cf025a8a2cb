import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is true-ish and returns it; undefined after `seconds`.
 * @template T
 * @param {() => Promise<T> | T} ask
 * @param {{ seconds: number, everyMs?: number }} limits
 * @returns {Promise<T | undefined>} */
export async function waitUntil(ask, { seconds, everyMs = 50 }) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) return undefined;
    await pause(everyMs);
  }
}
