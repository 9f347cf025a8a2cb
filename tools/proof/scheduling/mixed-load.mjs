import { ACTS, WEIGHTS, deedsOf } from './deeds.mjs';
import { EXPECT, tally } from './tally.mjs';

const S = '/api/scheduling/v1';
const DESKS = ['harbor', 'summit', 'desert'];
const DAY = 86_400_000;
/** Whom each client puts on the wait list before it does anything else, so that what is given back is wanted. */
const WAIT_FIRST = 3;
/** What only the tables tell, see `books`. */
export const IN_THE_TABLES = ['a gap broken on purpose', 'an accepted offer that gave up a later visit'];

/** Desks do what desks do, in a random order, on the few days that all of them want.
 * @param {{ clients: number, seconds: number, random: () => number, said: Set<string> }} how said: gains the offers whose yes was answered
 * @returns {Promise<{ tally: ReturnType<typeof tally>, now: number }>} now: domain time after every hold is over */
export async function mixedLoad({ clients, seconds, random, said }) {
  const { send, signIn, until } = await import('../../demo/stack.mjs');
  const acts = tally([...ACTS, ...IN_THE_TABLES]);
  const sandboxNow = async () => Date.parse((await send('/sandbox/clock')).body.now);
  const advance = async (/** @type {number} */ to) => {
    const { body } = await send('/sandbox/api/clock/advance', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to: new Date(to).toISOString() }) });
    const job = await until('the clock', async () => { const { body: seen } = await send(`/sandbox/api/clock/jobs/${body.id}`); return seen.state === 'running' ? null : seen; }, 240);
    if (job.state !== 'done') acts.faults.push(`the clock stood still: ${job.error}`);
  };
  // Noon in Boston: nobody's quiet hours, so that offers are made.
  await advance(Math.ceil(((await sandboxNow()) + 60_000 - 17 * 3_600_000) / DAY) * DAY + 17 * 3_600_000);

  const desks = await Promise.all(DESKS.map(async (practice) => {
    const ask = await signIn(`frontdesk@${practice}.example`);
    /** @type {string[]} */
    const patients = [];
    for (let cursor = null; patients.length < 60; ) {
      const page = await ask('GET', `${S}/patients?limit=60${cursor ? `&cursor=${cursor}` : ''}`);
      patients.push(...page.items.map((/** @type {{ id: string }} */ { id }) => id));
      if (!(cursor = page.nextCursor)) break;
    }
    return { practice, ask, patients, visits: [], holds: [], series: [], chains: [] };
  }));
  /** @type {Parameters<typeof deedsOf>[0]['ask']} */
  const ask = (desk, method, path, body) => desk.ask(method, path, body, { expect: EXPECT }).catch((/** @type {any} */ error) => ({ http: error.status ?? error.message, code: error.message }));
  const deeds = deedsOf({ random, tally: acts, ask, now: await sandboxNow(), said });
  const names = /** @type {(keyof typeof WEIGHTS)[]} */ (Object.keys(WEIGHTS));
  const total = names.reduce((sum, name) => sum + WEIGHTS[name], 0);
  const nextDeed = () => {
    let dice = random() * total;
    return names.find((name) => (dice -= WEIGHTS[name]) < 0) ?? 'book';
  };
  const end = Date.now() + seconds * 1_000;
  await Promise.all(Array.from({ length: clients }, async (_, client) => {
    const desk = desks[client % desks.length];
    for (let i = 0; i < WAIT_FIRST; i++) await deeds.wait(desk);
    while (Date.now() < end && acts.faults.length < 20) await deeds[nextDeed()](desk);
  }));
  // Rounds make offers as fast as they can be made, so the last ones come when the rest is done: they are answered, too, and who is next in turn is asked.
  const evening = Date.now() + (seconds * 1_000) / 3;
  await Promise.all(Array.from({ length: clients }, async (_, client) => {
    for (let quiet = 0; quiet < 3 && Date.now() < evening && acts.faults.length < 20; ) quiet = (await deeds.answer(desks[client % desks.length])) ? 0 : quiet + 1;
  }));
  // Every hold and every window is over by then; what was not answered has gone on to the next.
  await advance((await sandboxNow()) + 20 * 60_000);
  return { tally: acts, now: await sandboxNow() };
}
