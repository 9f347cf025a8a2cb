import { waitUntil } from '../../launcher/wait-until.mjs';
import { loadTypeScript } from '../../typescript/load.mjs';
import { openRaw } from './raw-kafka.mjs';

const events = 40_000;
const note = 'x'.repeat(400);

/** A full outbox until it is empty, beside kafkajs producing the same records in the same sizes without a database.
 * @param {import('./counting-services.mjs').Stage} stage @param {import('../bench.mjs').BenchContext} context */
export async function relayThroughput(stage, context) {
  const { headersOf } = loadTypeScript('libs/messaging/src/cloud-event.ts');
  const publisher = await stage.service(stage.source, { role: 'api' });
  const rows = await fill(stage, publisher);
  const messages = rows.map((row) => ({ key: row.key, value: row.payload, headers: headersOf(row) }));

  const raw = await openRaw(stage.topics.brokers, `${stage.topics.prefix}counting.echo.v1`);
  await raw.producer.send({ topic: raw.topic, messages: messages.slice(0, 2_000) });
  const rawRate = await rate(async () => {
    // Two batches of what fits one request under way at a time: one alone leaves the broker waiting.
    let at = 0;
    const send = async () => {
      for (let from = at; from < messages.length; from = at) {
        at += 800;
        await raw.producer.send({ topic: raw.topic, acks: -1, messages: messages.slice(from, from + 800) });
      }
    };
    await Promise.all([send(), send()]);
  });
  await raw.close();

  const relayRate = await rate(async () => {
    publisher.startRelay();
    await waitUntil(async () => (await publisher.database.query('SELECT 1 FROM outbox LIMIT 1')).length === 0, { seconds: 120, everyMs: 10 });
  });
  context.note(`${events} events of ${Buffer.byteLength(messages[0].value)} bytes`);
  return [{ what: 'relay, outbox -> broker', measured: `${Math.round(relayRate)}/s`, limit: `${Math.round(rawRate)}/s (kafkajs produce, acks=all)`, ratio: relayRate / rawRate, wanted: '>= 0.5', holds: relayRate / rawRate >= 0.5 }];
}

/** @param {import('./counting-services.mjs').Stage} stage @param {any} publisher */
async function fill(stage, publisher) {
  const payload = JSON.stringify({ n: 1, note });
  await publisher.database.query(
    `SELECT outbox_append('counting', now(), null, jsonb_agg(jsonb_build_object('topic', $1::text, 'key', 'key-' || (i % 4000), 'id', gen_random_uuid(), 'type', $2::text, 'host', 'harbor', 'booking', null, 'payload', $3::jsonb)))
     FROM generate_series(1, $4::int) i`,
    [stage.Ticked.topic, stage.Ticked.type, payload, events],
  );
  return publisher.database.query('SELECT id, lane, topic, key, sequence, event_id, type, source, time, host, booking, traceparent, payload::text AS payload FROM outbox ORDER BY id');
}

/** @param {() => Promise<void>} work */
async function rate(work) {
  const begin = performance.now();
  await work();
  return (events * 1000) / (performance.now() - begin);
}
