// P12, P13, P14: messages while workers, broker and database are killed and the provider misbehaves; then changes that race the sender. Everything is counted.
// Options: --messages 20000  --races 10000  --rounds 3 (each kills a replica twice, the broker and the database once)  --rate 50 (texts a second and sender, of four)  --seed N  --keep
import { parseArgs } from 'node:util';
import { Trouble } from '../launcher/trouble.mjs';
import { seededRandom } from './events/seeded-random.mjs';
import { MessagesStack } from './messages/messages-stack.mjs';
import { races } from './messages/races.mjs';
import { storm } from './messages/storm.mjs';

/** @param {string[]} args */
export async function prove(args) {
  const { values } = parseArgs({
    args,
    options: { messages: { type: 'string', default: '20000' }, races: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '3' }, rate: { type: 'string', default: '50' }, seed: { type: 'string' }, keep: { type: 'boolean', default: false } },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  // Slow enough that a change meets its message in every state.
  const raceRate = Math.min(Number(values.rate), 5);
  const [messages, racing, rounds, rate] = [values.messages, values.races, values.rounds, values.rate].map(Number);
  if (![messages, racing, rounds, rate, seed].every((n) => Number.isInteger(n) && n >= 0) || messages > 90_000 || racing > 90_000 || rate === 0) throw new Trouble('--messages, --races, --rounds, --rate and --seed are whole numbers; at most 90000 messages.');
  console.log(`proof messages: seed ${seed} (again: npm run proof -- messages --messages ${messages} --races ${racing} --rounds ${rounds} --rate ${rate} --seed ${seed})`);
  const faults = [];
  if (messages > 0) faults.push(...(await part(`${messages} messages in a storm`, values.keep, rate, (stack, say) => storm(stack, { messages, rounds, random: seededRandom(seed), say }))));
  if (racing > 0) faults.push(...(await part(`changes race ${racing} messages`, values.keep, raceRate, (stack, say) => races(stack, { messages: racing, random: seededRandom(seed + 1), say }))));
  for (const fault of faults) console.log(`  FAULT ${fault}`);
  console.log(faults.length === 0 ? `proof messages: holds (seed ${seed})` : `proof messages: BROKEN (seed ${seed})`);
  return faults.length === 0;
}

/** Each part has servers of its own, so that its counts are its own. */
async function part(title, keep, rate, work) {
  console.log(title);
  const stack = await MessagesStack.start({ keep, rate });
  try {
    return await work(stack, (/** @type {string} */ line) => console.log(`  ${line}`));
  } finally {
    await stack.stop();
  }
}
