#!/usr/bin/env node
// npm run bench [-- NAME ...] [--json FILE] [--size small]   measures each figure beside its limit on this machine in this run, on servers of its own.
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { run, Trouble } from '../launcher/trouble.mjs';
import { BenchServers } from './bench-servers.mjs';
import { tableOf } from './table.mjs';

/** @typedef {{ what: string, measured: string, limit: string, ratio: number | null, wanted: string, holds: boolean | null }} Figure
 *   holds: null where it is told for information only
 * @typedef {{ servers: () => Promise<{ databaseUrl: string, kafkaBrokers: string, folder: string }>, note: (text: string) => void, size: 'small' | 'full' }} BenchContext
 * @typedef {{ name: string, run: (context: BenchContext) => Promise<Figure[]> }} Bench */

await run(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' }, size: { type: 'string', default: 'full' } } });
  const benches = await allBenches();
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Trouble(`No such figures: ${unknown.join(', ')}. There are: ${benches.map(({ name }) => name).join(', ')}`);
  const servers = new BenchServers();
  /** @type {Record<string, Figure[]>} */
  const figures = {};
  try {
    for (const bench of benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
      console.log(`\n${bench.name}`);
      figures[bench.name] = await bench.run({ servers: () => servers.start(), note: (text) => console.log(`  ${text}`), size: values.size === 'small' ? 'small' : 'full' });
      console.log(tableOf(figures[bench.name] ?? []));
    }
  } finally {
    await servers.stop();
  }
  const result = JSON.stringify({ at: new Date().toISOString(), cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version, figures }, null, 2);
  console.log(`\n${result}`);
  if (values.json) writeFileSync(values.json, `${result}\n`);
});

/** Every file beside this one that exports `name` and `run`. @returns {Promise<Bench[]>} */
async function allBenches() {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.mjs') && file !== 'bench.mjs').sort();
  const modules = await Promise.all(files.map((file) => import(new URL(file, import.meta.url).href)));
  return modules.filter((module) => typeof module.name === 'string' && typeof module.run === 'function');
}
