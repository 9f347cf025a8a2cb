#!/usr/bin/env node
// npm run reset   forgets all data, secrets and logs of this clone's stack.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from './paths.mjs';
import { place } from './place.mjs';
import { endOrphans, judgeFile } from './run-record.mjs';
import { run, Trouble } from './trouble.mjs';

await run(async () => {
  const { running, orphans } = judgeFile(join(place(), 'run.json'));
  if (running) throw new Trouble(`The stack runs (process ${running.pid}). Stop it with Ctrl-C first; nothing was removed.`);
  await endOrphans(orphans);
  for (const path of [join(place(), 'data'), join(place(), 'run.json'), join(stateFolder, 'secrets.json'), join(stateFolder, 'logs')]) rmSync(path, { recursive: true, force: true });
  console.log('All data, secrets and logs of this folder are forgotten. "npm start" begins anew.');
});
