import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../launcher/paths.mjs';
import { waitUntil } from '../../launcher/wait-until.mjs';
import { typeScriptArguments } from '../../typescript/load.mjs';
import { percentile } from '../percentile.mjs';
import { openRaw } from './raw-kafka.mjs';

const perSecond = 200;
const seconds = 20;
const warmUp = 2;

/** Commit in one process -> handled in another, at 200 a second, beside kafkajs alone from produce to consume at the same pace.
 * @param {import('./counting-services.mjs').Stage} stage @param {import('../bench.mjs').BenchContext} context */
export async function latency(stage, context) {
  const own = await ownLatency(stage);
  const raw = await rawLatency(stage);
  const p99 = percentile(own, 0.99);
  context.note(`commit -> handled: p50 ${percentile(own, 0.5).toFixed(1)} ms, p90 ${percentile(own, 0.9).toFixed(1)} ms, max ${Math.max(...own).toFixed(1)} ms; kafkajs alone: p50 ${percentile(raw, 0.5).toFixed(1)} ms`);
  return [{
    what: `commit -> handled in another service, ${perSecond}/s, p99`, measured: `${p99.toFixed(1)} ms`, limit: `${percentile(raw, 0.99).toFixed(1)} ms (kafkajs produce -> consume)`,
    ratio: percentile(raw, 0.99) / p99, wanted: '< 150 ms', holds: p99 < 150,
  }];
}

/** @param {import('./counting-services.mjs').Stage} stage */
async function ownLatency(stage) {
  const publisher = await stage.service(stage.source, { role: 'api' });
  publisher.startRelay();
  const watcher = await stage.service(stage.target);
  const child = spawn(process.execPath, [...typeScriptArguments, join(root, 'libs/messaging/src/testing-processes/counting-process.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, COUNTING_PART: 'consumer', COUNTING_SERVICE: 'counting', COUNTING_DATABASE: stage.target.workerUrl, COUNTING_BROKERS: stage.topics.brokers.join(','), COUNTING_PREFIX: stage.topics.prefix, COUNTING_ECHO: 'no' },
  });
  try {
    const count = async () => (await watcher.database.query('SELECT count(*)::int AS n FROM effect'))[0].n;
    await publisher.tick('first', 1);
    await waitUntil(async () => (await count()) === 1, { seconds: 60, everyMs: 50 });
    /** @type {Map<string, number>} */
    const committed = new Map();
    await paced(async (index) => {
      await publisher.tick(`key-${index % 300}`, Math.floor(index / 300) + 1);
      committed.set(`key-${index % 300} ${Math.floor(index / 300) + 1}`, performance.timeOrigin + performance.now());
    });
    const total = perSecond * seconds + 1;
    await waitUntil(async () => (await count()) >= total, { seconds: 120, everyMs: 500 });
    /** @type {{ key: string, n: number, at: number }[]} */
    const effects = await watcher.database.query('SELECT key, n, extract(epoch FROM at)::float8 * 1000 AS at FROM effect ORDER BY position');
    return effects.slice(1 + warmUp * perSecond).map(({ key, n, at }) => at - (committed.get(`${key} ${n}`) ?? Number.NaN));
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

/** @param {import('./counting-services.mjs').Stage} stage */
async function rawLatency(stage) {
  const raw = await openRaw(stage.topics.brokers, `${stage.topics.prefix}counting.echo.v1`);
  /** @type {number[]} */
  const latencies = [];
  await raw.consume((message) => latencies.push(performance.now() - Number(message.value)));
  await raw.producer.send({ topic: raw.topic, acks: -1, messages: [{ key: 'first', value: String(performance.now()) }] });
  await waitUntil(() => latencies.length > 0, { seconds: 60 });
  latencies.length = 0;
  await paced(async (index) => {
    await raw.producer.send({ topic: raw.topic, acks: -1, messages: [{ key: `key-${index % 300}`, value: String(performance.now()) }] });
  });
  await waitUntil(() => latencies.length >= perSecond * seconds, { seconds: 60 });
  await raw.close();
  return latencies.slice(warmUp * perSecond);
}

/** Begins `work` at an even pace, whatever the earlier ones do. @param {(index: number) => Promise<void>} work */
async function paced(work) {
  const begin = performance.now();
  const running = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = begin + (index * 1000) / perSecond;
    while (performance.now() < due) await new Promise((done) => setTimeout(done, Math.max(due - performance.now(), 0)));
    running.push(work(index));
  }
  await Promise.all(running);
}
