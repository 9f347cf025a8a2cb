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
    return startTestStack({ keep: options.includes('--keep'), signal: interrupted.signal, given: { LOG_LEVEL: process.env.LOG_LEVEL } });
  },
}));
