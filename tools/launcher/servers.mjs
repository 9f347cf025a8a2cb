#!/usr/bin/env node
// Keeps a PostgreSQL and a Kafka running for development until it is interrupted; with-servers.mjs uses them.
import { announce, running, withdraw } from './dev-servers.mjs';
import { startTestServers } from './test-servers.mjs';
import { run, Trouble } from './trouble.mjs';

await run(async () => {
  const found = running();
  if (found) throw new Trouble(`Already running: ${found.databaseUrl} ${found.kafkaBrokers}`);
  const interrupted = new Promise((done) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, done)));
  const servers = await startTestServers();
  announce(servers);
  console.log(`TEST_DATABASE_URL=${servers.databaseUrl}\nTEST_KAFKA_BROKERS=${servers.kafkaBrokers}\nlogs and data: ${servers.folder}\nCtrl-C stops both and forgets their data.`);
  const keepAlive = setInterval(() => {}, 1 << 30);
  await interrupted;
  clearInterval(keepAlive);
  withdraw();
  await servers.stop();
});
