// Proof: kill -9 of any one service, during the demo and under load, loses and repeats nothing.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startTestStack } from '../launcher/test-stack.mjs';
import { accounts } from './chaos/accounts.mjs';
import { bookUnderLoad } from './chaos/load.mjs';
import { seededRandom } from './events/seeded-random.mjs';

const SERVICES = ['scheduling', 'reminders', 'notifications', 'capacity', 'sandbox', 'gateway'];

/** @param {string[]} options --seed N --bookings N --kills N --demos yes|no */
export async function prove(options) {
  const { values } = parseArgs({ args: options, options: { seed: { type: 'string', default: String(Date.now() % 100_000) }, bookings: { type: 'string', default: '300' }, kills: { type: 'string', default: '18' }, demos: { type: 'string', default: 'yes' } } });
  const random = seededRandom(Number(values.seed));
  console.log(`seed ${values.seed}`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const stack = await startTestStack({ signal: interrupted.signal });
  const faults = [];
  try {
    if (values.demos === 'yes') {
      for (const service of SERVICES) {
        const after = 1_000 + Math.floor(random() * 9_000);
        const { code, output } = await demo(stack.env, () => kill(stack, service), after);
        console.log(`  demo with kill -9 of ${service} after ${(after / 1000).toFixed(1)} s: ${code === 0 ? 'passed' : 'FAILED'}`);
        if (code !== 0) faults.push(`demo with ${service} killed:\n${output.split('\n').slice(-12).join('\n')}`);
        await ready(stack);
      }
    }
    faults.push(...(await killUnderLoad(stack, { bookings: Number(values.bookings), kills: Number(values.kills), random })));
    for (const fault of faults) console.log(`  FAULT ${fault}`);
    console.log(faults.length === 0 ? 'nothing was lost, nothing came twice' : `${faults.length} faults`);
    return faults.length === 0;
  } finally {
    await stack.stop();
  }
}

/** Desks book while services die; then everything is counted. Returns what is not as it should be.
 * @param {{ publicUrl: string, databaseUrl: string, env: Record<string, string> }} stack */
export async function killUnderLoad(stack, { bookings, kills, random }) {
  process.env.SLOTMESH_URL = stack.publicUrl;
  const killing = killInTurn(stack, kills, random);
  const load = await bookUnderLoad(bookings, random, (line) => console.log(`  ${line}`));
  const killed = await killing.stop();
  console.log(`  kills under load: ${killed.join(', ')}`);
  await ready(stack);
  return [...load.faults, ...(await accounts(stack, load.booked, (line) => console.log(`  ${line}`)))];
}

/** Plays the demo in a process of its own and does something to the stack meanwhile. */
function demo(env, disturb, afterMs) {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['tools/demo/demo.mjs'], { env: { ...process.env, ...env } });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    const timer = setTimeout(disturb, afterMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      done({ code, output });
    });
  });
}

/** The process of a service as the supervisor knows it now. */
function kill(stack, service) {
  const { processes } = JSON.parse(readFileSync(stack.env.SLOTMESH_STACK, 'utf8'));
  const { children } = JSON.parse(readFileSync(processes, 'utf8'));
  const child = children.findLast(({ name }) => name === service);
  if (!child) return;
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It is being started again at this moment; the next one will meet it.
  }
}

function killInTurn(stack, count, random) {
  const killed = [];
  let on = true;
  const done = (async () => {
    while (on && killed.length < count) {
      await new Promise((resolve) => setTimeout(resolve, 1_500 + random() * 2_500));
      if (!on) break;
      const service = SERVICES[Math.floor(random() * SERVICES.length)];
      kill(stack, service);
      killed.push(service);
    }
  })();
  return {
    async stop() {
      on = false;
      await done;
      return killed;
    },
  };
}

async function ready(stack) {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    const answer = await fetch(`${stack.publicUrl}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the stack is not ready again after 120 s');
}
