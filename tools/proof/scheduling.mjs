// Proof: desks that hold, book, move, swap, cancel, wait, answer offers and move linked visits at the same time overlap nowhere, leave nothing stuck, and what they did is what was published (P1-P3, P8, P9).
import { parseArgs } from 'node:util';
import { startTestStack } from '../launcher/test-stack.mjs';
import { seededRandom } from './events/seeded-random.mjs';
import { acceptedOffers, books } from './scheduling/books.mjs';
import { IN_THE_TABLES, mixedLoad } from './scheduling/mixed-load.mjs';
import { replayed } from './scheduling/replayed.mjs';

/** From here on a run is of full size, and an act that never succeeds is a fault: it proved nothing. */
const FULL = { clients: 64, seconds: 120 };

/** @param {string[]} options --seed N --clients N --seconds N */
export async function prove(options) {
  const { values } = parseArgs({ args: options, options: { seed: { type: 'string', default: String(Date.now() % 100_000) }, clients: { type: 'string', default: '64' }, seconds: { type: 'string', default: '120' } } });
  console.log(`seed ${values.seed}`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const stack = await startTestStack({ signal: interrupted.signal });
  try {
    const found = await mixedDesks(stack, { clients: Number(values.clients), seconds: Number(values.seconds), random: seededRandom(Number(values.seed)) });
    for (const fault of found) console.log(`  FAULT ${fault}`);
    console.log(found.length === 0 ? 'no overlap, nothing stuck, nothing lost' : `${found.length} faults (seed ${values.seed})`);
    return found.length === 0;
  } finally {
    await stack.stop();
  }
}

/** Returns what is not as it should be. @param {{ publicUrl: string, databaseUrl: string, kafkaBrokers: string, ports: Record<string, number> }} stack */
export async function mixedDesks(stack, { clients, seconds, random }) {
  process.env.SLOTMESH_URL = stack.publicUrl;
  const said = await acceptedOffers(stack.databaseUrl);
  const { tally, now } = await mixedLoad({ clients, seconds, random, said });
  const { faults, told, broken, givenUp } = await books(stack.databaseUrl, { now, said });
  IN_THE_TABLES.forEach((act, i) => tally.found(act, [broken, givenUp][i] ?? 0));
  console.log([`  ${clients} desks for ${seconds} s:`, ...tally.lines().map((line) => `    ${line}`), `  ${told}`].join('\n'));
  const never = clients >= FULL.clients && seconds >= FULL.seconds ? tally.never().map((act) => `never succeeded: ${act}`) : [];
  return [...tally.faults, ...faults, ...never, ...(await replayed(stack))];
}
