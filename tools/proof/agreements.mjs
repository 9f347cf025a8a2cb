// Proof: what an agreement says is what the service does. Steps: share rules, read from the tables as search and booking read them, decide as the pure function does on what was meant.
// Options: --pairs 100000  --seed N  --only NAME
import { parseArgs } from 'node:util';
import { startTestServers } from '../launcher/test-servers.mjs';
import { Trouble } from '../launcher/trouble.mjs';
import { sharingFaults } from './agreements/sharing.mjs';

/** Each returns what is not as it should be; sizes are those of `prove`. @type {Record<string, (size: { pairs: number, seed: number }) => Promise<string[]>>} */
const STEPS = { sharing: sharingFaults };

/** @param {string[]} args */
export async function prove(args) {
  const { values } = parseArgs({ args, options: { pairs: { type: 'string', default: '100000' }, seed: { type: 'string' }, only: { type: 'string' } } });
  const size = { pairs: Number(values.pairs), seed: Number(values.seed ?? Date.now() % 1_000_000) };
  if (!Object.values(size).every((n) => Number.isInteger(n) && n >= 0) || size.pairs === 0) throw new Trouble('--pairs and --seed are whole numbers.');
  const steps = Object.entries(STEPS).filter(([name]) => values.only === undefined || name === values.only);
  if (steps.length === 0) throw new Trouble(`--only is one of ${Object.keys(STEPS).join(', ')}.`);
  const again = `npm run proof -- agreements --seed ${size.seed} --pairs ${size.pairs}`;
  console.log(`proof agreements: seed ${size.seed} (again: ${again})`);
  const servers = await startTestServers();
  process.env.TEST_DATABASE_URL = servers.databaseUrl;
  process.env.TEST_KAFKA_BROKERS = servers.kafkaBrokers;
  try {
    let faults = 0;
    for (const [name, step] of steps) {
      const found = await step(size);
      for (const fault of found) console.log(`  FAULT ${name}: ${fault}`);
      faults += found.length;
    }
    console.log(faults === 0 ? `proof agreements: holds (seed ${size.seed})` : `proof agreements: BROKEN, ${faults} faults (again: ${again})`);
    return faults === 0;
  } finally {
    await servers.stop();
  }
}
