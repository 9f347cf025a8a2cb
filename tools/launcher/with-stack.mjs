#!/usr/bin/env node
// with-stack.mjs [--keep] -- COMMAND ...   runs COMMAND beside a whole stack of its own: other ports, new data.
// COMMAND gets SLOTMESH_URL (its address) and SLOTMESH_STACK (a file with its ports, database, brokers and process ids).
import { runBeside } from './beside.mjs';
import { startTestStack } from './test-stack.mjs';
import { run } from './trouble.mjs';

await run(() => runBeside({
  usage: 'with-stack.mjs [--keep] -- COMMAND ...',
  start(options) {
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => interrupted.abort());
    const { PUBLIC_URL: _url, DATABASE_URL: _database, KAFKA_BROKERS: _brokers, ...given } = process.env;
    return startTestStack({ keep: options.includes('--keep'), signal: interrupted.signal, given });
  },
}));
