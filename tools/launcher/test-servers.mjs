import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from './free-port.mjs';
import { startKafka } from './kafka.mjs';
import { placeFor } from './place.mjs';
import { startPostgres } from './postgres.mjs';
import { isAlive, recordOf } from './process-identity.mjs';

const recordFile = 'processes.json';

/** Starts a PostgreSQL and a Kafka of their own for tests: free ports, new data, gone after `stop`.
 * @param {{ keep?: boolean }} [options] keep: leave data and logs behind */
export async function startTestServers({ keep = false } = {}) {
  const all = placeFor('tests');
  forgetAbandoned(all);
  const folder = mkdtempSync(join(all, 'run-'));
  chmodSync(folder, 0o711);
  const kept = folder.replace(/run-(\w+)$/, 'kept-$1');
  const started = [recordOf('launcher', process.pid)];
  const note = (/** @type {{ record: import('./process-identity.mjs').ProcessRecord }} */ server) => {
    started.push(server.record);
    writeFileSync(join(folder, recordFile), JSON.stringify(started));
  };
  writeFileSync(join(folder, recordFile), JSON.stringify(started));
  const [databasePort, kafkaPort] = await freePorts(2);
  const password = randomBytes(18).toString('base64url');
  const results = await Promise.allSettled([
    startPostgres({ folder: join(folder, 'postgres'), port: databasePort, password, log: join(folder, 'postgres.log'), durable: false, onSpawn: note }),
    startKafka({ folder: join(folder, 'kafka'), port: kafkaPort, log: join(folder, 'kafka.log'), onSpawn: note }),
  ]);
  const stop = async () => {
    await Promise.all(results.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)));
    if (keep) renameSync(folder, kept);
    else rmSync(folder, { recursive: true, force: true });
  };
  const [postgres, kafka] = results;
  if (postgres.status === 'rejected' || kafka.status === 'rejected') {
    await stop();
    throw postgres.status === 'rejected' ? postgres.reason : /** @type {PromiseRejectedResult} */ (kafka).reason;
  }
  return { folder: keep ? kept : folder, databaseUrl: postgres.value.url, kafkaBrokers: kafka.value.brokers, stop };
}

/** Ends and removes what a killed run left. @param {string} all */
function forgetAbandoned(all) {
  for (const name of readdirSync(all).filter((found) => found.startsWith('run-'))) {
    const folder = join(all, name);
    const records = readRecords(join(folder, recordFile));
    if (records.some((record) => record.name === 'launcher' && isAlive(record))) continue;
    for (const record of records) if (isAlive(record)) process.kill(-record.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} file @returns {import('./process-identity.mjs').ProcessRecord[]} */
function readRecords(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}
