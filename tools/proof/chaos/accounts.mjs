// Counts what arrived against what was acknowledged, in the tables of the services and at the patients' phones and mailboxes.
import { readFileSync } from 'node:fs';
import { overlapping } from '../holds.mjs';

const SETTLE_MS = 240_000;

/** @returns {Promise<string[]>} what is not as it should be */
export async function accounts(stack, booked, say) {
  const { ports } = JSON.parse(readFileSync(stack.env.SLOTMESH_STACK, 'utf8'));
  const faults = [];
  const busy = await settle(ports);
  if (busy) faults.push(`not idle after ${SETTLE_MS / 1000} s: ${busy}`);
  const db = await databases(stack.databaseUrl);
  try {
    const unclear = await db.reminders(`SELECT count(*)::int AS n FROM step_outcome WHERE state = 'requested'`);
    if (unclear[0].n > 0) {
      // Why: a text that the provider does not know is absent only after its validity (DESIGN P13), so domain time has to pass.
      say(`${unclear[0].n} messages have an unclear outcome; twelve hours pass, so that each is found, sent or called about`);
      await pass(12 * 3_600_000);
    }
    const overlaps = await overlapping(stack.databaseUrl);
    if (overlaps > 0) faults.push(`${overlaps} overlapping occupancy rows`);
    const ids = booked.map(({ appointment }) => appointment);
    const rows = await db.scheduling(`SELECT id FROM appointment WHERE id = ANY ($1::uuid[]) AND status = 'booked'`, [ids]);
    if (rows.length !== ids.length) faults.push(`${ids.length - rows.length} acknowledged bookings are not in the calendar`);
    const extra = await db.scheduling(`SELECT person_id FROM appointment WHERE status = 'booked' GROUP BY person_id, starts_at HAVING count(*) > 1`);
    if (extra.length > 0) faults.push(`${extra.length} people are booked twice at one time`);
    faults.push(...(await events(db)));
    const outcomes = await db.reminders(`SELECT state, reason, count(*)::int AS n FROM step_outcome WHERE step = 'confirmation' AND appointment_id = ANY ($1::uuid[]) GROUP BY 1, 2`, [ids]);
    say(`confirmations: ${outcomes.map(({ state, reason, n }) => `${n} ${state}${reason ? ` (${reason})` : ''}`).join(', ')}`);
    const { send } = await import('../../demo/stack.mjs');
    let [texts, none, twice, mailsTwice, mails] = [0, 0, 0, 0, 0];
    for (const { phone, email } of booked) {
      const { messages } = (await send(`/sandbox/api/phones/${encodeURIComponent(phone)}`)).body;
      const got = messages.filter(({ side }) => side === 'received');
      texts += got.length;
      if (got.length === 0) none += 1;
      if (new Set(got.map(({ body }) => body.replace(/Ref \w+/, ''))).size < got.length) twice += 1;
      const box = (await send(`/sandbox/api/mailboxes/${encodeURIComponent(email)}`)).body.mails;
      mails += box.length;
      if (box.some(({ copies }) => copies > 1) || box.length > 1) mailsTwice += 1;
    }
    const called = await db.reminders(`SELECT count(*)::int AS n FROM call_list_entry WHERE appointment_id = ANY ($1::uuid[])`, [ids]).catch(() => [{ n: 0 }]);
    const unaccounted = none - outcomes.filter(({ state }) => ['skipped', 'call-list', 'undelivered'].includes(state)).reduce((sum, { n }) => sum + n, 0);
    say(`${booked.length} bookings: ${texts} texts, ${mails} e-mails; phones without a text ${none}, on the call list ${called[0].n}; phones with the same text twice ${twice}, mailboxes with a second confirmation ${mailsTwice}`);
    const open = outcomes.filter(({ state }) => state === 'requested' || state === 'unknown').reduce((sum, { n }) => sum + n, 0);
    if (open > 0) faults.push(`${open} confirmations have no outcome`);
    if (twice > 0) faults.push(`${twice} phones got the same text twice`);
    if (mailsTwice > 0) faults.push(`${mailsTwice} mailboxes got a confirmation twice`);
    if (unaccounted > 0) faults.push(`${unaccounted} confirmations neither arrived nor are accounted for`);
    return faults;
  } finally {
    await db.end();
  }
}

/** Moves the clock of the whole stack and waits until everything that was due is done. */
async function pass(ms) {
  const { send, until } = await import('../../demo/stack.mjs');
  const { now } = (await send('/sandbox/clock')).body;
  const job = (await send('/sandbox/api/clock/advance', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to: new Date(Date.parse(now) + ms).toISOString() }) })).body;
  const done = await until('the clock to arrive', async () => {
    const { body } = await send(`/sandbox/api/clock/jobs/${job.id}`);
    return body.state === 'running' ? null : body;
  }, 300);
  if (done.state !== 'done') throw new Error(`the clock did not arrive: ${done.error}`);
}

/** Every published sequence was handled by every consumer of its topic, and nothing waits. */
async function events(db) {
  const faults = [];
  // Why: the ledger passes by visits of one practice alone.
  const across = new Set((await db.scheduling('SELECT id::text AS id FROM appointment WHERE host_id <> booking_id')).map(({ id }) => id));
  const isTaken = (to, topic, key) => to !== 'scheduling' || topic !== 'scheduling.appointment.v1' || across.has(key);
  for (const from of ['scheduling', 'reminders', 'notifications']) {
    const published = await db[from]('SELECT topic, key, last::text FROM event_sequence');
    const byTopic = groupBy(published);
    for (const to of ['scheduling', 'reminders', 'notifications', 'capacity']) {
      for (const [topic, keys] of byTopic) {
        const handled = new Map((await db[to]('SELECT key, last::text FROM inbox WHERE topic = $1', [topic])).map(({ key, last }) => [key, last]));
        if (handled.size === 0) continue;
        const behind = keys.filter(({ key, last }) => isTaken(to, topic, key) && handled.get(key) !== last);
        if (behind.length > 0) faults.push(`${to} has not handled all of ${topic}: ${behind.length} of ${keys.length} keys`);
      }
    }
  }
  for (const service of ['scheduling', 'reminders', 'notifications', 'capacity']) {
    const [{ parked }] = await db[service]('SELECT count(*)::int AS parked FROM parked_event');
    const [{ pending }] = await db[service]('SELECT count(*)::int AS pending FROM outbox');
    if (parked + pending > 0) faults.push(`${service}: ${parked} parked events, ${pending} in the outbox`);
  }
  return faults;
}

function groupBy(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.topic, [...(groups.get(row.topic) ?? []), row]);
  return groups;
}

async function settle(ports) {
  const services = ['scheduling', 'reminders', 'notifications', 'capacity', 'sandbox'];
  const look = () => Promise.all(services.map(async (name) => ({ name, ...(await fetch(`http://127.0.0.1:${ports[`${name} ops`]}/idle`).then((r) => r.json())) })));
  let before = null;
  for (const end = Date.now() + SETTLE_MS; Date.now() < end; ) {
    const now = await look().catch(() => null);
    if (now && before && now.every((member, i) => member.idle && before[i].idle && member.activity === before[i].activity)) return null;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return before?.filter(({ idle }) => !idle).map(({ name, busy }) => `${name} (${busy})`).join(', ') ?? 'no answer';
}

async function databases(url) {
  const { default: pg } = await import('pg');
  const pools = {};
  const ask = (name) => async (text, values) => (await (pools[name] ??= new pg.Pool({ connectionString: url.replace(/\/[^/?]*(\?|$)/, `/${name}$1`), max: 2 })).query(text, values)).rows;
  return { ...Object.fromEntries(['scheduling', 'reminders', 'notifications', 'capacity'].map((name) => [name, ask(name)])), end: () => Promise.all(Object.values(pools).map((pool) => pool.end())) };
}
