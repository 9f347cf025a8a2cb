import { mkdirSync, renameSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDatabases } from './databases.mjs';
import { neededInProduction } from './environment.mjs';
import { prepared } from './prepared.mjs';
import { step } from './progress.mjs';
import { servicesIn } from './services.mjs';
import { startStackServers } from './stack-servers.mjs';
import { becomesReady, checkBuilt, runOnce, startService } from './stack-services.mjs';
import { prepareTopics } from './topics.mjs';
import { Trouble } from './trouble.mjs';

/** Starts everything: PostgreSQL, Kafka, roles, databases, topics, migrations, sample data, services. Whatever fails or interrupts, what was started is stopped.
 * @param {{ build: string, mode: string, folder: string, logs: string, ports: Record<string, number>, secrets: import('./secrets.mjs').Secrets, kafkaWay: import('./kafka-way.mjs').KafkaWay,
 *   given: NodeJS.ProcessEnv, signal: AbortSignal, onSpawn: (record: import('./process-identity.mjs').ProcessRecord) => void, say?: (line: string) => void, durable?: boolean }} options */
export async function startStack({ build, mode, folder, logs, ports, secrets, kafkaWay, given, signal, onSpawn, say = console.log, durable = true }) {
  const services = servicesIn(mode);
  const lacking = mode === 'production' ? neededInProduction.filter((name) => !given[name]) : [];
  if (lacking.length) throw new Trouble(`MODE=production has no sandbox; set ${lacking.join(', ')}.`);
  checkBuilt(services);
  freshLogs(logs, [...services.map(({ name }) => name), 'kafka', 'postgres']);
  /** @type {(() => Promise<void>)[]} */
  const stops = [];
  const stop = async () => { for (const each of stops.splice(0).reverse()) await each(); };
  try {
    const servers = await step(title(given, kafkaWay), () => startStackServers({
      folder, logs, ports, secrets, databaseUrl: given.DATABASE_URL || undefined, brokers: given.KAFKA_BROKERS || undefined, kafkaWay, onSpawn: ({ record }) => onSpawn(record), say, durable,
    }));
    stops.push(servers.stop);
    signal.throwIfAborted();
    const stack = { mode, ports, secrets, given, databaseUrl: servers.databaseUrl, kafkaBrokers: servers.kafkaBrokers };
    await step('roles, databases, topics', () => Promise.all([prepareDatabases({ databaseUrl: servers.databaseUrl, services, secrets }), prepareTopics(servers.kafkaBrokers)]));
    signal.throwIfAborted();
    const once = (/** @type {string} */ service, /** @type {string} */ file) => runOnce({ service, file, stack, logs, signal, onSpawn });
    const preparation = prepared(folder, build, !given.DATABASE_URL);
    if (!preparation.done) {
      await step('migrations', () => Promise.all(services.map(({ name }) => once(name, 'migrate.js'))));
      await step('sample data', async () => { for (const { name, seeds } of services) if (seeds && mode === 'sandbox') await once(name, 'seed.js'); });
      // After an upgrade a service may want to keep more of events than it did; it sees that itself, and reads them anew.
      await step('what is kept of events', async () => { for (const { name, rebuilds } of services) if (rebuilds) await once(name, 'rebuild.js'); });
      preparation.note();
    }
    await step('services', async () => {
      const started = await Promise.all(services.map(({ name }) => startService({ service: name, stack, logs, onSpawn: ({ record }) => onSpawn(record), say })));
      stops.push(async () => { await Promise.all(started.map((service) => service.stop())); });
      const others = new AbortController();
      const either = AbortSignal.any([signal, others.signal]);
      // Why the gateway's own port too: there it answers for the whole network, and only a network that is whole is ready.
      const asked = started.flatMap((service) => [ports[`${service.name} ops`], ...(service.name === 'gateway' ? [ports.gateway] : [])].map((port) => becomesReady({ service, port, logs, signal: either })));
      // Why: one that fails ends the start at once; the rest must not go on waiting.
      await Promise.all(asked).finally(() => others.abort());
    });
    return { ...stack, publicUrl: given.PUBLIC_URL || `http://localhost:${ports.gateway}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {NodeJS.ProcessEnv} given @param {import('./kafka-way.mjs').KafkaWay} kafkaWay */
function title(given, kafkaWay) {
  const kafka = { given: `Kafka at ${given.KAFKA_BROKERS}`, java: 'Kafka', docker: 'Kafka in Docker' }[kafkaWay];
  return `${given.DATABASE_URL ? 'PostgreSQL of your own' : 'PostgreSQL'}, ${kafka}`;
}

/** The logs of the run before stay beside the new ones. @param {string} logs @param {string[]} names */
function freshLogs(logs, names) {
  mkdirSync(logs, { recursive: true });
  for (const name of names) if (existsSync(join(logs, `${name}.log`))) renameSync(join(logs, `${name}.log`), join(logs, `${name}.before.log`));
}
