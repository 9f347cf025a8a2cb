// Issue 3: 1,000 cancellations with 20,000 entries on the wait list, from each cancellation to its first offer, beside the same cancellations without a wait list.
import { waitUntil } from '../launcher/wait-until.mjs';
import { startTestStack } from '../launcher/test-stack.mjs';
import { sowWaiting } from './backfill/sow-waiting.mjs';
import { openDesk } from './backfill/visits.mjs';
import { tokenAt } from './booking/booking-load.mjs';
import { withOthersPaused } from './booking/others-paused.mjs';
import { sowBench } from './booking/sow.mjs';
import { openRaw } from './events/raw-kafka.mjs';
import { percentile } from './percentile.mjs';

export const name = 'backfill';

const clients = 16;
const cancellations = 1_000;
const entries = 20_000;
const single = 40;

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export async function run({ note }) {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort());
  const stack = await startTestStack({ signal: interrupted.signal, given: { LOG_LEVEL: 'warn' }, say: () => undefined });
  /** When each offer stood in Kafka, by provider and start. @type {Map<string, number>} */
  const told = new Map();
  /** @type {Awaited<ReturnType<typeof openRaw>> | undefined} */
  let raw;
  try {
    raw = await openRaw(stack.kafkaBrokers.split(','), 'scheduling.offer.v1');
    await raw.consume(({ value }) => {
      const { offer } = JSON.parse(String(value));
      const key = keyOf({ provider: offer.provider, start: Date.parse(offer.start) });
      if (offer.state === 'open' && !told.has(key)) told.set(key, Date.now());
    });
    // Why from the bookings on: they only react to them, and nothing here waits for what they do.
    return await withOthersPaused(stack, async () => {
      const bench = await sowBench(stack.databaseUrl);
      const desk = openDesk({ base: `http://127.0.0.1:${stack.ports.scheduling}`, authorization: `Bearer ${await tokenAt(stack.publicUrl)}`, clients, signal: interrupted.signal });
      const visits = await desk.book(bench.visitType, bench.patients.slice(0, 2 * cancellations + single));
      const bare = await desk.cancel(visits.slice(0, cancellations));
      note(`without a wait list: ${bare.perSecond.toFixed(0)} cancellations/s`);
      await sowWaiting(stack.databaseUrl, { service: bench.service, entries });

      const alone = visits.slice(cancellations, cancellations + single);
      const aloneAsked = [];
      for (const visit of alone) {
        aloneAsked.push(await desk.cancelOne(visit));
        await new Promise((resolve) => { setTimeout(resolve, 500); });
      }
      await waitUntil(async () => alone.every((visit) => told.has(keyOf(visit))), { seconds: 60, everyMs: 200 });
      const aloneTimes = timesOf(alone, aloneAsked, told);
      note(`one at a time: ${aloneTimes.length} of ${single} offered, p50 ${percentile(aloneTimes, 0.5).toFixed(0)} ms, p95 ${percentile(aloneTimes, 0.95).toFixed(0)} ms`);

      const atOnce = visits.slice(cancellations + single);
      const { asked, perSecond } = await desk.cancel(atOnce);
      await waitUntil(async () => atOnce.every((visit) => told.has(keyOf(visit))), { seconds: 300, everyMs: 500 });
      const times = timesOf(atOnce, asked, told);
      const lasted = Math.max(...atOnce.map((visit) => told.get(keyOf(visit)) ?? 0)) - Math.min(...asked);
      const offers = (times.length * 1_000) / lasted;
      note(`all at once: ${perSecond.toFixed(0)} cancellations/s beside the offers; ${times.length} of ${cancellations} offered`);
      desk.close();
      return [
        { what: `offers while ${cancellations} visits are cancelled over ${clients} connections, ${entries} entries wait`, measured: `${offers.toFixed(1)}/s`, limit: `${bare.perSecond.toFixed(0)}/s (the same cancellations, nobody waits)`, ratio: offers / bare.perSecond, wanted: '-', holds: null },
        { what: 'from a cancellation to its first offer in Kafka, all at once', measured: `p50 ${(percentile(times, 0.5) / 1_000).toFixed(1)} s, p95 ${(percentile(times, 0.95) / 1_000).toFixed(1)} s`, limit: '-', ratio: null, wanted: '-', holds: null },
        { what: 'the same, two cancellations a second', measured: `p50 ${percentile(aloneTimes, 0.5).toFixed(0)} ms, p95 ${percentile(aloneTimes, 0.95).toFixed(0)} ms`, limit: '-', ratio: null, wanted: '-', holds: null },
        { what: 'cancellations without an offer', measured: `${cancellations + single - times.length - aloneTimes.length} of ${cancellations + single}`, limit: '-', ratio: null, wanted: '0', holds: times.length + aloneTimes.length === cancellations + single },
      ];
    });
  } finally {
    await raw?.close();
    await stack.stop();
  }
}

/** @param {{ provider: string, start: number }} visit */
const keyOf = ({ provider, start }) => `${provider} ${start}`;
/** In ms; those without an offer are left out. @param {readonly import('./backfill/visits.mjs').Visit[]} visits @param {readonly number[]} asked @param {ReadonlyMap<string, number>} told */
const timesOf = (visits, asked, told) => visits.flatMap((visit, index) => { const at = told.get(keyOf(visit)); return at === undefined ? [] : [at - (asked[index] ?? Number.NaN)]; }).sort((a, b) => a - b);
