import { startTestStack } from '../../launcher/test-stack.mjs';
import { tokenAt } from '../booking/booking-load.mjs';
import { drained } from '../booking/drained.mjs';
import { withOthersPaused } from '../booking/others-paused.mjs';
import { openReadingLoad } from './reading-load.mjs';
import { sowCalendar } from './sow-calendar.mjs';

const clients = 16;

/** A stack with a sown calendar and readers straight at the service; gone afterwards. `list` is the bare indexed SELECT of 20 rows through the same HTTP stack: a page of the practice's resources.
 * @template T @param {{ providers: number, full: number }} size
 * @param {(bench: { sown: Awaited<ReturnType<typeof sowCalendar>>, base: string, list: string, load: ReturnType<typeof openReadingLoad>, measure: (urls: readonly string[], seconds: number) => Promise<import('./reading-load.mjs').Reading> }) => Promise<T>} work
 * @returns {Promise<T>} */
export async function onCalendar(size, work) {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interrupted.abort());
  const stack = await startTestStack({ signal: interrupted.signal, given: { LOG_LEVEL: 'warn' }, say: () => undefined });
  try {
    const sown = await sowCalendar(stack.databaseUrl, size);
    const load = openReadingLoad({ authorization: `Bearer ${await tokenAt(stack.publicUrl)}`, clients, signal: interrupted.signal });
    const base = `http://127.0.0.1:${stack.ports.scheduling}`;
    const measure = async (/** @type {readonly string[]} */ urls, /** @type {number} */ seconds) => {
      await load.atMost(urls, 3);
      await drained(stack);
      return withOthersPaused(stack, () => load.atMost(urls, seconds));
    };
    try {
      return await work({ sown, base, list: `${base}/api/scheduling/v1/resources?limit=20`, load, measure });
    } finally {
      load.close();
    }
  } finally {
    await stack.stop();
  }
}
