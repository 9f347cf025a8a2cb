// Proof: a practice leaves a network with 2,000 future visits; none is lost, nobody is taken twice, and the checklist closes on evidence alone (P1, P7, P8).
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startTestStack } from '../launcher/test-stack.mjs';
import { seededRandom } from './events/seeded-random.mjs';

const S = '/api/scheduling/v1';
const DAY = 86_400_000;
const PRACTICES = ['harbor', 'summit', 'desert'];
const SERVICES = { harbor: 'primary-care-visit', summit: 'skin-check', desert: 'cardiology-consult' };
const NOTICE_DAYS = 14;
const LEAVER = 'summit';

/** @param {string[]} options --visits N --seed N */
export async function prove(options) {
  const { values } = parseArgs({ args: options, options: { visits: { type: 'string', default: '2000' }, seed: { type: 'string', default: String(Date.now() % 100_000) } } });
  console.log(`seed ${values.seed}`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const stack = await startTestStack({ signal: interrupted.signal });
  try {
    const faults = await rehearse(stack, { visits: Number(values.visits), random: seededRandom(Number(values.seed)) });
    for (const fault of faults) console.log(`  FAULT ${fault}`);
    console.log(faults.length === 0 ? 'left in order: no visit lost, nothing taken twice, every line with its evidence' : `${faults.length} faults (seed ${values.seed})`);
    return faults.length === 0;
  } finally {
    await stack.stop();
  }
}

async function rehearse(stack, { visits, random }) {
  process.env.SLOTMESH_URL = stack.publicUrl;
  const { send, signIn, tokenOf, until } = await import('../demo/stack.mjs');
  const database = new pg.Client({ connectionString: stack.databaseUrl.replace(/\/[^/?]*(\?|$)/, '/scheduling$1') });
  await database.connect();
  const rows = async (text, given = []) => (await database.query(text, given)).rows;
  /** @type {string[]} */
  const faults = [];
  /** @param {string} service @param {string} text @param {string[]} ids */
  const rowsOf = async (service, text, ids) => {
    const other = new pg.Client({ connectionString: stack.databaseUrl.replace(/\/[^/?]*(\?|$)/, `/${service}$1`) });
    await other.connect();
    return (await other.query(text, [ids]).finally(() => other.end())).rows;
  };
  const check = (what, holds) => { if (!holds) faults.push(what); };
  const now = async () => Date.parse((await send('/sandbox/clock')).body.now);
  const advance = async (to) => {
    const { body } = await send('/sandbox/api/clock/advance', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to: new Date(to).toISOString() }) });
    const job = await until('the clock', async () => { const { body: seen } = await send(`/sandbox/api/clock/jobs/${body.id}`); return seen.state === 'running' ? null : seen; }, 900);
    check(`the clock stood still: ${job.error}`, job.state === 'done');
  };
  /** @type {Map<string, any>} */
  const people = new Map();
  for (const practice of PRACTICES) for (const role of ['frontdesk', 'manager', 'owner']) people.set(`${role}@${practice}`, await signIn(`${role}@${practice}.example`));
  const as = (name) => people.get(name);
  try {
    await shorterNotice({ as, now, advance, until });
    const booked = await bookMany({ as, now, random, visits });
    console.log(`  ${booked.total} visits booked, ${booked.across} of them across practices`);
    check(`only ${booked.total} of ${visits} visits could be booked`, booked.total >= visits);

    const plan = await as(`manager@${LEAVER}`)('POST', `${S}/exit-plans`, { reason: 'a rehearsal of leaving' });
    const confirmed = await as(`owner@${LEAVER}`)('POST', `${S}/exit-plans/${plan.id}/confirm`, {});
    const exit = Date.parse(confirmed.exitAt);
    const LIVE = `a.status IN ('pending', 'booked')`;
    const behind = await rows(`SELECT a.id, a.host_id, a.booking_id FROM appointment a WHERE a.host_id <> a.booking_id AND $1 IN (a.host_id, a.booking_id) AND ${LIVE} AND a.starts_at >= $2`, [LEAVER, confirmed.exitAt]);
    const future = Number((await rows(`SELECT count(*) AS n FROM appointment a WHERE ${LIVE} AND a.starts_at > $1`, [new Date(await now()).toISOString()]))[0].n);
    console.log(`  exit at ${confirmed.exitAt}: ${future} visits lie ahead, ${behind.length} across and behind it`);
    check('no visit lies behind the exit: nothing is rehearsed', behind.length > 0);

    const listed = new Map();
    for (const practice of PRACTICES) {
      for (let cursor = null; ; ) {
        const page = await as(`manager@${practice}`)('GET', `${S}/exit-plans/${plan.id}/visits?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
        for (const visit of page.items) listed.set(visit.appointment, (listed.get(visit.appointment) ?? 0) + 1);
        if (!(cursor = page.nextCursor)) break;
      }
    }
    check('the lists are not what the tables say, once for each side', behind.every(({ id }) => listed.get(id) === 2) && listed.size === behind.length);

    // Of the visits behind the exit one in ten is called off by its booking practice, the others are promised by their hosts.
    const off = behind.filter((_, i) => i % 10 === 3);
    for (const { id, booking_id } of off) await as(`frontdesk@${booking_id}`)('POST', `${S}/appointments/${id}/cancel`, { reason: 'pat' });
    for (const practice of PRACTICES) await as(`manager@${practice}`)('POST', `${S}/exit-plans/${plan.id}/honour`, {});
    for (const item of ['patients-told', 'final-statement']) await as(`manager@${LEAVER}`)('POST', `${S}/exit-plans/${plan.id}/evidence`, { item, evidence: 'shown at the rehearsal' });
    const early = await as(`owner@${LEAVER}`)('POST', `${S}/exit-plans/${plan.id}/close`, {}, { expect: [409] });
    check(`the plan could be closed before the exit: ${early.code}`, early.code === 'checklist-open');

    await advance(exit + 60_000);
    await until('the practice has left', async () => (await as(`manager@${LEAVER}`)('GET', `${S}/exit-plans/${plan.id}`)).state === 'left', 60);
    const partner = await as('frontdesk@harbor')('GET', `${S}/practices/${LEAVER}`, undefined, { expect: [404] });
    check('partners still read the practice', partner.http === 404);

    for (const content of ['patients', 'appointments']) {
      for (const format of ['fhir', 'csv']) {
        const answer = await fetch(`${stack.publicUrl}${S}/exit-plans/${plan.id}/export?content=${content}&format=${format}`, { headers: { authorization: `Bearer ${await tokenOf(`owner@${LEAVER}.example`)}` } });
        const hash = createHash('sha256').update(Buffer.from(await answer.arrayBuffer())).digest('hex');
        await until('the export is noted', async () => (await rows(`SELECT 1 FROM exit_export WHERE plan_id = $1 AND content = $2 AND format = $3 AND sha256 = $4`, [plan.id, content, format, hash])).length === 1, 30);
      }
    }
    await as(`owner@${LEAVER}`)('POST', `${S}/exit-plans/${plan.id}/evidence`, { item: 'records-kept', evidence: 'each keeps what it wrote, seven years' });
    const closed = await as(`owner@${LEAVER}`)('POST', `${S}/exit-plans/${plan.id}/close`, {});
    check('the plan did not close with a certificate', closed.state === 'closed' && closed.certificate.checklist.every(({ done }) => done));
    console.log(`  closed with ${closed.checklist.length} lines, certificate ${closed.certificate.sha256.slice(0, 16)}…`);

    // Into the days behind the exit: what was promised is still reminded of.
    await advance(exit + 4 * DAY);
    const kept = behind.filter(({ id }) => !off.some((other) => other.id === id)).map(({ id }) => id);
    const lost = await rows(`SELECT id FROM appointment WHERE id = ANY ($1::uuid[]) AND status NOT IN ('pending', 'booked', 'fulfilled', 'noshow')`, [kept]);
    check(`${lost.length} promised visits are gone`, lost.length === 0);
    const standing = Number((await rows(`SELECT count(*) AS n FROM appointment WHERE status = 'booked'`))[0].n);
    check(`${booked.total - off.length - standing} visits of the network are gone`, standing === booked.total - off.length);
    for (const [what, text] of Object.entries({
      'a resource is taken twice': `SELECT 1 FROM occupancy a JOIN occupancy b ON a.resource_id = b.resource_id AND a.lane = b.lane AND a.id < b.id AND a.during && b.during AND a.active AND b.active`,
      'a patient of the leaver is a person of the network': `SELECT 1 FROM patient p JOIN patient q ON q.person_id = p.person_id AND q.practice_id <> p.practice_id WHERE p.practice_id = '${LEAVER}'`,
      'a visit, its patient and its time are of different persons': `SELECT 1 FROM appointment a JOIN patient p ON p.id = a.patient_id JOIN person_time t ON t.appointment_id = a.id WHERE p.person_id <> a.person_id OR t.person_id <> a.person_id`,
      'time across is held behind the exit': `SELECT 1 FROM hold WHERE state = 'active' AND host_id <> holder_id AND '${LEAVER}' IN (host_id, holder_id)`,
    })) check(what, (await rows(text)).length === 0);
    // Their reminder of three days before falls behind the exit.
    const soon = await rows(`SELECT id FROM appointment WHERE id = ANY ($1::uuid[]) AND starts_at BETWEEN $2 AND $3`, [kept, new Date(exit + 3.5 * DAY).toISOString(), new Date(exit + 6.5 * DAY).toISOString()]);
    const ids = soon.map(({ id }) => id);
    const reminded = new Set((await rowsOf('notifications', `SELECT DISTINCT id FROM message_subject WHERE id = ANY ($1::uuid[]) AND step <> 'confirmation'`, ids)).map(({ id }) => id));
    // Who cannot be written to is phoned, or it stands there why not.
    const told = await rowsOf('reminders', `SELECT appointment_id AS id, step, state, reason FROM step_outcome WHERE appointment_id = ANY ($1::uuid[]) AND step <> 'confirmation'`, ids);
    const silent = ids.filter((id) => !reminded.has(id));
    console.log(`  ${kept.length} promised visits stand; of ${soon.length} that come 4 to 6 days behind the exit ${reminded.size} were reminded of`);
    for (const { id, step, state, reason } of told.filter((one) => silent.includes(one.id))) console.log(`  ${id}, ${step}: ${state}, ${reason}`);
    const unexplained = silent.filter((id) => !told.some((one) => one.id === id && (one.state === 'call-list' || (one.state === 'skipped' && one.reason))));
    check(`${unexplained.length} promised visits were not reminded of, and nothing says why`, unexplained.length === 0);
    return faults;
  } finally {
    await database.end();
  }
}

/** An amendment by everybody, so that visits lie behind an exit: nobody books as far ahead as 90 days. */
async function shorterNotice({ as, now, advance, until }) {
  const [agreement] = (await as('manager@harbor')('GET', `${S}/agreements`)).items;
  const effectiveFrom = new Date((await now()) + 3_600_000).toISOString();
  const { version } = await as('manager@harbor')('POST', `${S}/agreements/${agreement.id}/versions`, { ...agreement.terms, effectiveFrom, noticeDays: NOTICE_DAYS, rules: agreement.terms.rules.map((rule) => ({ ...rule, dailyQuota: 40 })) });
  const { hash } = await as('manager@harbor')('POST', `${S}/agreements/${agreement.id}/propose`, { version });
  for (const who of ['owner@harbor', 'manager@summit', 'owner@summit', 'manager@desert', 'owner@desert']) await as(who)('POST', `${S}/agreements/${agreement.id}/approve`, { version, hash });
  await advance(Date.parse(effectiveFrom) + 60_000);
  await until('the amendment is in force', async () => (await as('manager@harbor')('GET', `${S}/agreements/${agreement.id}`)).version === version, 60);
}

/** Visits of every practice at every practice, over the weeks that can be booked. */
async function bookMany({ as, now, random, visits }) {
  const start = await now();
  /** @type {Record<string, string[]>} */
  const patients = {};
  for (const practice of PRACTICES) {
    patients[practice] = [];
    for (let cursor = null; ; ) {
      const page = await as(`frontdesk@${practice}`)('GET', `${S}/patients?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
      patients[practice].push(...page.items.filter(({ needs, deceased }) => needs.length === 0 && !deceased).map(({ id }) => id));
      if (!(cursor = page.nextCursor)) break;
    }
  }
  const done = { total: 0, across: 0 };
  // Every seventh day first, so that a smaller network reaches as far ahead as a whole one.
  const days = [...Array(70).keys()].sort((a, b) => (a % 7) - (b % 7) || a - b);
  for (const [i, day] of days.entries()) {
    if (done.total >= visits) break;
    const from = start + (day + 1) * DAY;
    await Promise.all(PRACTICES.flatMap((guest) => PRACTICES.map(async (host) => {
      const query = new URLSearchParams({ service: SERVICES[host], practice: host, from: new Date(from).toISOString(), to: new Date(from + DAY).toISOString(), limit: '200' });
      const { items } = await as(`frontdesk@${guest}`)('GET', `${S}/openings?${query}`);
      // Own desks take the morning of a list, partners its end, so that all get something.
      const wanted = guest === host ? items.filter((_, n) => n % 4 === 0) : items.filter((_, n) => n % 6 === 5).slice(0, 8);
      for (const opening of wanted) {
        if (done.total >= visits) return;
        const patient = patients[guest][Math.floor(random() * patients[guest].length)];
        const { http } = await as(`frontdesk@${guest}`)('POST', `${S}/appointments`, { opening: opening.id, patient }, { expect: [201, 400, 403, 409, 422, 429] });
        if (http !== 201) continue;
        done.total += 1;
        if (guest !== host) done.across += 1;
      }
    })));
    if (i % 10 === 9) console.log(`  booked ${done.total} of ${visits} on ${i + 1} days`);
  }
  return done;
}
