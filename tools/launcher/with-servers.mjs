#!/usr/bin/env node
// with-servers.mjs [--keep] -- COMMAND ...   runs COMMAND beside a real PostgreSQL and Kafka of its own.
// --keep leaves their data and logs. Where servers.mjs runs for this clone, its servers are used.
import { runBeside } from './beside.mjs';
import { running } from './dev-servers.mjs';
import { startTestServers } from './test-servers.mjs';
import { run } from './trouble.mjs';

await run(() => runBeside({
  usage: 'with-servers.mjs [--keep] -- COMMAND ...',
  async start(options) {
    const found = running();
    const keep = options.includes('--keep');
    const servers = found ? { ...found, folder: '', stop: async () => {} } : await startTestServers({ keep });
    return {
      env: { TEST_DATABASE_URL: servers.databaseUrl, TEST_KAFKA_BROKERS: servers.kafkaBrokers },
      async stop() {
        await servers.stop();
        if (!found && keep) console.log(`Data and logs: ${servers.folder}`);
      },
    };
  },
}));
