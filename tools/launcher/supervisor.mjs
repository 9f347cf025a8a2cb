import { setTimeout as pause } from 'node:timers/promises';
import { lastWords } from './last-words.mjs';

/** How long to wait before the nth start in a row that did not last.
 * @param {number} failures @returns {number} milliseconds */
export const backoff = (failures) => Math.min(500 * 2 ** Math.max(0, failures - 1), 10_000);

const lasting = 30_000;

/** @typedef {{ ended: Promise<string>, log: string, stop: () => Promise<void> }} Running */

/** Starts something and starts it again, with growing pauses, whenever it ends by itself.
 * @param {{ name: string, start: () => Promise<Running> | Running, say: (line: string) => void }} options */
export async function keepRunning({ name, start, say }) {
  const stopping = new AbortController();
  let current = await start();
  let failures = 0;
  const watch = async () => {
    for (;;) {
      const begin = Date.now();
      const how = await current.ended;
      if (stopping.signal.aborted) return;
      failures = Date.now() - begin > lasting ? 1 : failures + 1;
      say(`${name} ended by itself (${how}); it starts again in ${backoff(failures) / 1000} s. Its last words:\n${lastWords(current.log, 5).replace(/^/gm, `  ${name} | `)}`);
      await again();
      if (stopping.signal.aborted) return;
    }
  };
  const again = async () => {
    for (;;) {
      await pause(backoff(failures), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        current = await start();
        return;
      } catch (error) {
        failures += 1;
        say(`${name} did not start: ${/** @type {Error} */ (error).message}`);
      }
    }
  };
  const watching = watch();
  return {
    name,
    failures: () => failures,
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
      await current.stop();
    },
  };
}
