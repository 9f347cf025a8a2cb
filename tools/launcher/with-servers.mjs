#!/usr/bin/env node
// with-servers.mjs [--keep] -- COMMAND ...   runs COMMAND beside a real PostgreSQL and Kafka of its own.
// --keep leaves their data and logs. Where servers.mjs runs for this clone, its servers are used.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { running } from './dev-servers.mjs';
import { startTestServers } from './test-servers.mjs';
import { run, Trouble } from './trouble.mjs';

await run(async () => {
  const split = process.argv.indexOf('--');
  const [command, ...args] = split < 0 ? [] : process.argv.slice(split + 1);
  if (!command) throw new Trouble('Usage: with-servers.mjs [--keep] -- COMMAND ...');
  const keep = process.argv.slice(2, split).includes('--keep');

  let child;
  let signalled;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      signalled ??= signal;
      child?.kill(signal);
    });
  }
  const found = running();
  const servers = found ?? (await startTestServers({ keep }));
  try {
    if (signalled) return 128 + constants.signals[signalled];
    child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, TEST_DATABASE_URL: servers.databaseUrl, TEST_KAFKA_BROKERS: servers.kafkaBrokers } });
    return await new Promise((done, fail) => {
      child.once('error', () => fail(new Trouble(`"${command}" could not be started.`)));
      child.once('exit', (code, signal) => done(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    if (!found) await servers.stop();
    if (!found && keep) console.log(`Data and logs: ${servers.folder}`);
  }
});
