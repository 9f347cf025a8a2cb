#!/usr/bin/env node
// npm start [-- --logs]   everything on one machine, until Ctrl-C. --logs shows what the services write.
import { checkNode } from './check-node.mjs';

checkNode();
const { run } = await import('./trouble.mjs');
const { start } = await import('./start-command.mjs');
await run(start);
