import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePorts } from './free-port.mjs';
import { startKafka } from './kafka.mjs';
import { startPostgres } from './postgres.mjs';
import { temporaryRun } from './temporary-run.mjs';

/** Starts a PostgreSQL and a Kafka of their own for tests: free ports, new data, gone after `stop`.
 * @param {{ keep?: boolean }} [options] keep: leave data and logs behind */
export async function startTestServers({ keep = false } = {}) {
  const run = await temporaryRun({ keep });
  const { folder } = run;
  const onSpawn = (/** @type {import('./background.mjs').Background} */ { record }) => run.add(record);
  const [databasePort, kafkaPort] = await freePorts(2);
  const password = randomBytes(18).toString('base64url');
  const [postgres, kafka] = await Promise.allSettled([
    startPostgres({ folder: join(folder, 'postgres'), port: databasePort, password, log: join(folder, 'postgres.log'), durable: false, onSpawn }),
    startKafka({ folder: join(folder, 'kafka'), port: kafkaPort, log: join(folder, 'kafka.log'), onSpawn }),
  ]);
  const stop = async () => {
    await Promise.all([postgres, kafka].map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)));
    run.remove();
  };
  if (postgres.status === 'fulfilled' && kafka.status === 'fulfilled') return { folder: run.kept ?? folder, databaseUrl: postgres.value.url, kafkaBrokers: kafka.value.brokers, stop };
  await stop();
  throw postgres.status === 'rejected' ? postgres.reason : /** @type {PromiseRejectedResult} */ (kafka).reason;
}
