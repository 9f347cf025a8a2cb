import { waitUntil } from '../../launcher/wait-until.mjs';
import { loadTypeScript } from '../../typescript/load.mjs';
import { Trouble } from '../../launcher/trouble.mjs';
import { count } from './count.mjs';
import { neighbours } from './records.mjs';
import { requestOf, sow } from './sow.mjs';
import { faultsThatStruck, orderFaults } from './weather.mjs';

const HOUR = 3_600_000;

/** P13 and P14: messages leave while everything that carries them is killed and the provider misbehaves. Returns what is not as it should be.
 * @param {import('./messages-stack.mjs').MessagesStack} stack @param {{ messages: number, rounds: number, random: () => number, say: (line: string) => void }} what */
export async function storm(stack, { messages, rounds, random, say }) {
  const { MessageRequested } = loadTypeScript('libs/contracts/src/index.ts');
  const begin = Date.now();
  const at = () => `${((Date.now() - begin) / 1000).toFixed(0).padStart(4)} s `;
  const now = await stack.now();
  const subjects = await sow(stack, { count: messages, random, now });
  await orderFaults(stack, random);
  say(`${at()} ${messages} patients with a visit each; faults are ordered`);

  const reminders = await neighbours(stack.topics);
  const asked = reminders.publish(subjects.map((subject) => ({ definition: MessageRequested, key: subject.request, host: subject.host, booking: subject.host, sequence: 1, time: now, data: requestOf(subject, now) })));
  const left = async () => (await stack.rows('sandbox', 'SELECT (SELECT count(*) FROM message)::int AS n').catch(() => [{ n: 0 }]))[0].n;
  for (const { share, what } of killPlan(rounds, random)) {
    const wanted = Math.floor(messages * share);
    await patiently(`${wanted} texts at the provider`, async () => { note(stack.revive(), say, at()); return (await left()) >= wanted; });
    const before = await left();
    const who = await stack.killAndRestart(what);
    say(`${at()} kill -9 ${who} at ${before} texts; it runs again`);
  }
  await asked;
  await patiently('everything at rest', async () => { note(stack.revive(), say, at()); return (await atRest(stack)); });
  say(`${at()} all requests are worked off; unclear creates wait for the end of their validity`);
  // Why domain time: a text that the provider does not know is absent only after its ValidityPeriod (P13). And a day more, for what waits for quiet hours to end.
  for (let hours = 0; hours < 40 && (await open(stack)) > 0; hours += 5) await stack.passUntil((await stack.now()) + 5 * HOUR);
  await patiently('everything at rest', () => atRest(stack));
  await reminders.close();

  const found = await count(stack, subjects);
  say(`${at()} counted:`);
  const table = [
    ...(await faultsThatStruck(stack)).map(([name, hits]) => [`fault: ${name}`, hits]),
    ...[...found.attempts].sort().map(([name, n]) => [`attempts: ${name}`, n]),
    ['texts at the provider', found.texts], ['of these failed on the way', found.textsThatFailed], ['mails at the provider', found.mails],
    ...[...found.became].sort().map(([name, n]) => [`became: ${name}`, n]),
    ...Object.entries(found.faults),
  ];
  for (const [name, n] of table) say(`  ${String(name).padEnd(46)} ${String(n).padStart(7)}`);
  return Object.entries(found.faults).filter(([, n]) => n > 0).map(([name, n]) => `${name}: ${n}`);
}

const note = (revived, say, at) => { if (revived.length > 0) say(`${at} ended by itself and starts again: ${revived.join(', ')}`); };

/** Shares of the messages at which a thing is killed. @param {number} rounds @param {() => number} random */
function killPlan(rounds, random) {
  const order = Array.from({ length: rounds }, () => /** @type {const} */ (['replica', 'broker', 'database', 'replica'])).flat().map((what) => ({ what, sort: random() })).sort((a, b) => a.sort - b.sort);
  return order.map(({ what }, index) => ({ what, share: 0.05 + (0.8 * (index + random())) / order.length }));
}

/** Messages that have not ended, or whose end nobody knows and nobody was asked to find out. */
const open = async (stack) => (await stack.rows('notifications', `SELECT count(*)::int AS n FROM message m JOIN message_subject s ON s.message_id = m.id WHERE m.state IN ('pending', 'sending') OR (m.state = 'unknown' AND s.outcome IS DISTINCT FROM 'call-list')`))[0].n;

/** Twice in a row, so that what one process has just handed to another is not overlooked. */
async function atRest(stack) {
  if (await stack.busy()) return false;
  await new Promise((done) => setTimeout(done, 300));
  return !(await stack.busy());
}

/** @param {string} what @param {() => Promise<boolean>} condition */
async function patiently(what, condition) {
  if (!(await waitUntil(() => condition().catch(() => false), { seconds: 1_800, everyMs: 250 }))) throw new Trouble(`not within 30 minutes: ${what}`);
}
