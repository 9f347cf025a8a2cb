// P9 and P10: kill -9 of relay, consumers and broker in the middle of a stream; nothing lost, effect once, order kept.
// Options: --events 20000  --keys 400  --rounds 4 (each kills relay, consumer and broker once)  --seed N
import { parseArgs } from 'node:util';
import { Trouble } from '../launcher/trouble.mjs';
import { CountingStack } from './events/counting-stack.mjs';
import { publishTicks } from './events/publish-ticks.mjs';
import { seededRandom } from './events/seeded-random.mjs';
import { verify } from './events/verify-ticks.mjs';

/** @param {string[]} args */
export async function prove(args) {
  const { values } = parseArgs({
    args,
    options: { events: { type: 'string', default: '20000' }, keys: { type: 'string', default: '400' }, rounds: { type: 'string', default: '4' }, seed: { type: 'string' } },
  });
  const [events, keys, rounds] = [values.events, values.keys, values.rounds].map(Number);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  if (![events, keys, rounds, seed].every((n) => Number.isInteger(n) && n >= 0) || !events || !keys) throw new Trouble('--events, --keys, --rounds and --seed are whole numbers.');
  const random = seededRandom(seed);
  console.log(`proof events: ${events} events over ${keys} keys, seed ${seed} (again: npm run proof -- events --events ${events} --keys ${keys} --rounds ${rounds} --seed ${seed})`);

  const stack = await CountingStack.start();
  try {
    const begin = Date.now();
    const kills = killPlan(events, rounds, random);
    const published = publishTicks({ service: stack.publisher, events, keys, random, isAhead: () => stack.published - stack.handled > events / 8, onPublished: (n) => { stack.published += n; } });
    for (const { at, what } of kills) {
      await stack.until(`${at} handled`, async () => (await stack.countHandled()) >= at);
      await stack.kill(what);
      console.log(`  ${seconds(begin)} s  kill -9 ${what.padEnd(8)} at ${String(stack.handled).padStart(6)} handled, ${String(stack.published).padStart(6)} committed`);
      await stack.restart(what);
    }
    const [lasts] = await Promise.all([published, stack.until('all handled', async () => (await stack.countHandled()) >= events)]);
    await stack.until('outbox empty and consumers at the end', () => stack.isIdle());
    console.log(`  ${seconds(begin)} s  all ${events} committed events are handled`);
    return report(await verify(stack, lasts), seed);
  } finally {
    await stack.stop();
  }
}

/** When what is killed: thresholds of handled events between 5 % and 90 %, in a shuffled order.
 * @param {number} events @param {number} rounds @param {() => number} random
 * @returns {{ at: number, what: 'relay' | 'consumer' | 'broker' }[]} */
function killPlan(events, rounds, random) {
  const victims = Array.from({ length: rounds }, () => /** @type {const} */ (['relay', 'consumer', 'broker'])).flat();
  const order = victims.map((what) => ({ what, sort: random() })).sort((a, b) => a.sort - b.sort).map(({ what }) => what);
  return order.map((what, index) => ({ what, at: Math.floor(events * (0.05 + (0.85 * (index + random())) / order.length)) }));
}

/** @param {import('./events/verify-ticks.mjs').Findings} findings @param {number} seed */
function report(findings, seed) {
  for (const [name, value] of Object.entries(findings)) console.log(`  ${name.padEnd(24)} ${value}`);
  const faults = findings.lost + findings.repeated + findings.disordered + findings.echoesLost + findings.echoesDisordered + findings.parked + findings.foreign;
  console.log(faults === 0 ? `proof events: holds (seed ${seed})` : `proof events: BROKEN (seed ${seed})`);
  return faults === 0;
}

/** @param {number} begin */
const seconds = (begin) => ((Date.now() - begin) / 1000).toFixed(1).padStart(5);

