import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { background } from './background.mjs';
import { foreground } from './foreground.mjs';
import { freePorts } from './free-port.mjs';
import { kafkaJars } from './kafka-jars.mjs';
import { asProperties, kafkaSettings } from './kafka-settings.mjs';
import { lastWords } from './last-words.mjs';
import { Trouble } from './trouble.mjs';
import { waitUntil } from './wait-until.mjs';

const common = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Dorg.slf4j.simpleLogger.log.state.change.logger=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true', '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS'];

/** Starts Apache Kafka (one node, KRaft) on a data folder, which is made when it does not exist; returns when it answers.
 * @param {{ folder: string, port: number, log: string, heap?: string, onSpawn?: (server: import('./background.mjs').Background) => void }} options */
export async function startKafka({ folder, port, log, heap = '320m', onSpawn }) {
  const classpath = join(await kafkaJars(), '*');
  const [controllerPort] = await freePorts(1);
  const data = join(folder, 'data');
  const properties = join(folder, 'server.properties');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(properties, asProperties(kafkaSettings({ folder: data, port, controllerPort })));
  if (!existsSync(join(data, 'meta.properties'))) await format({ classpath, properties, data });
  const java = [`-Xmx${heap}`, '-Xms96m', ...common, '-cp', classpath, 'kafka.Kafka', properties];
  const server = background({ name: 'kafka', command: 'java', args: java, log, cwd: folder });
  onSpawn?.(server);
  const ready = await waitUntil(() => server.hasEnded() || answers(port), { seconds: 90, everyMs: 100 });
  if (!ready || server.hasEnded()) {
    await server.stop('SIGTERM', 5);
    throw new Trouble(`Apache Kafka did not start on port ${port}. Its last words (${log}):\n${lastWords(log)}`);
  }
  return {
    ...server,
    brokers: `127.0.0.1:${port}`,
    stop: () => server.stop('SIGTERM', 15),
  };
}

/** @param {{ classpath: string, properties: string, data: string }} options */
async function format({ classpath, properties, data }) {
  rmSync(data, { recursive: true, force: true });
  const bytes = randomBytes(16);
  // Why: one id in 64 would begin with a hyphen and be read as an option.
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  const id = bytes.toString('base64url');
  const { code, output } = await foreground('java', ['-Xmx128m', ...common, '-cp', classpath, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', properties]);
  if (code !== 0) throw new Trouble(`Apache Kafka could not make its data folder ${data}:\n${output}`);
}

/** A cluster that knows its controller takes requests. @param {number} port */
export async function answers(port) {
  if (!(await accepts(port))) return false;
  const { Kafka, logLevel } = (await import('kafkajs')).default;
  const admin = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function accepts(port) {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => { socket.destroy(); done(true); });
    socket.once('error', () => done(false));
  });
}
