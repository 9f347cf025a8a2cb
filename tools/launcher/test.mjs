#!/usr/bin/env node
// npm test   everything that decides whether a change is good, on a bare machine, beside a running stack. `npm test -- unit lint` runs only these steps.
import { checkNode } from './check-node.mjs';

checkNode();
const { run } = await import('./trouble.mjs');
const { test } = await import('./test-command.mjs');
await run(test);
