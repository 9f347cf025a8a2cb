import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKafkaInDocker } from './kafka-docker.mjs';
import { startKafka } from './kafka.mjs';
import { startPostgres } from './postgres.mjs';
import { releaseDataFolder } from './postmaster-file.mjs';
import { keepRunning } from './supervisor.mjs';

/** @typedef {import('./background.mjs').Background} Background */

/** Starts the PostgreSQL and the Kafka of a stack, except those that the person brings, and keeps them running.
 * @param {{ folder: string, logs: string, ports: Record<string, number>, secrets: import('./secrets.mjs').Secrets, databaseUrl?: string, brokers?: string,
 *   kafkaWay: import('./kafka-way.mjs').KafkaWay, onSpawn: (server: Background) => void, say: (line: string) => void, durable: boolean }} options */
export async function startStackServers({ folder, logs, ports, secrets, databaseUrl, brokers, kafkaWay, onSpawn, say, durable }) {
  forgetForeignData(folder, secrets.instance);
  const postgres = () => startPostgres({ folder: join(folder, 'postgres'), port: ports.postgres, password: secrets.superuser, log: join(logs, 'postgres.log'), durable, onSpawn });
  const kafkaLog = join(logs, 'kafka.log');
  const kafka = () => kafkaWay === 'docker' ? startKafkaInDocker({ name: `slotmesh-kafka-${secrets.instance}`, port: ports.kafka, log: kafkaLog, onSpawn }) : startKafka({ folder: join(folder, 'kafka'), port: ports.kafka, log: kafkaLog, onSpawn });
  const results = await Promise.allSettled([
    kafkaWay === 'given' ? undefined : keepRunning({ name: 'kafka', start: kafka, say }),
    databaseUrl ? undefined : releaseDataFolder(join(folder, 'postgres')).then(() => keepRunning({ name: 'postgres', start: postgres, say })),
  ]);
  const started = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
  const stop = async () => { for (const server of started) await server.stop(); };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw /** @type {PromiseRejectedResult} */ (failed).reason;
  }
  return {
    databaseUrl: databaseUrl ?? `postgres://postgres:${encodeURIComponent(secrets.superuser)}@127.0.0.1:${ports.postgres}/postgres`,
    kafkaBrokers: brokers ?? `127.0.0.1:${ports.kafka}`,
    stop,
  };
}

/** Why: data whose passwords and keys are gone can be neither opened nor read. It is left when .slotmesh is removed while the data lives elsewhere.
 * @param {string} folder @param {string} instance */
function forgetForeignData(folder, instance) {
  const file = join(folder, 'instance');
  if (existsSync(folder) && (!existsSync(file) || readFileSync(file, 'utf8') !== instance)) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  writeFileSync(file, instance);
}
