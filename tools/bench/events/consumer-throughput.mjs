import { waitUntil } from '../../launcher/wait-until.mjs';
import { loadTypeScript } from '../../typescript/load.mjs';
import { openRaw } from './raw-kafka.mjs';

const events = 12_000;
const lanes = 8;

/** Records with a key each (so that no transaction is shared) with inbox and one effect, beside the same transactions without Kafka, as many at a time.
 * @param {import('./counting-services.mjs').Stage} stage @param {import('../bench.mjs').BenchContext} context */
export async function consumerThroughput(stage, context) {
  const { headersOf } = loadTypeScript('libs/messaging/src/cloud-event.ts');
  const { workerFor } = loadTypeScript('libs/persistence/src/index.ts');
  const raw = await openRaw(stage.topics.brokers, stage.tickTopic);
  for (let from = 0; from < events; from += 1000) {
    await raw.producer.send({
      topic: raw.topic,
      messages: Array.from({ length: 1000 }, (_, index) => {
        const key = `key-${from + index}`;
        const row = { id: '1', lane: 0, topic: stage.Ticked.topic, key, sequence: '1', event_id: key, type: stage.Ticked.type, source: 'bench', time: new Date(), host: 'harbor', booking: null, traceparent: null, payload: '' };
        return { key, value: JSON.stringify({ n: 1 }), headers: headersOf(row) };
      }),
    });
  }
  await raw.close();

  const alone = await stage.service(stage.source, { poolSize: lanes + 4 });
  const handle = (/** @type {string} */ key) => alone.work.run(workerFor('counting', stage.HOST), async (/** @type {any} */ tx) => {
    await alone.messaging.inbox.advanceInOrder(tx, { topic: stage.Ticked.topic, key }, 1, 1);
    await alone.record(tx, stage.Ticked.topic, key, 1);
  });
  const sqlRate = await measure(async (count) => {
    let next = 0;
    await Promise.all(Array.from({ length: lanes }, async () => { while (next < count) await handle(`key-${next++}`); }));
  });

  const taking = await stage.service(stage.target, { poolSize: lanes + 4 });
  taking.messaging.handlers.add(stage.Ticked, async (/** @type {any} */ event, /** @type {any} */ tx) => taking.record(tx, event.topic, event.key, event.data.n));
  const count = async () => (await taking.database.query('SELECT count(*)::int AS n FROM effect'))[0].n;
  await taking.messaging.start();
  await waitUntil(async () => (await count()) > 500, { seconds: 60, everyMs: 5 });
  const [first, begin] = [await count(), performance.now()];
  await waitUntil(async () => (await count()) >= events, { seconds: 120, everyMs: 20 });
  const consumerRate = ((events - first) * 1000) / (performance.now() - begin);
  context.note(`${events} records, ${lanes} at a time, one transaction each`);
  return [{ what: 'consumer with inbox and effect', measured: `${Math.round(consumerRate)}/s`, limit: `${Math.round(sqlRate)}/s (the same SQL without Kafka)`, ratio: consumerRate / sqlRate, wanted: '>= 0.5', holds: consumerRate / sqlRate >= 0.5 }];
}

/** @param {(count: number) => Promise<void>} work */
async function measure(work) {
  await work(200);
  const begin = performance.now();
  await work(events);
  return (events * 1000) / (performance.now() - begin);
}
