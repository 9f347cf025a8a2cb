// P7: random rule sets and requests, stored and read as search and booking read them, under row-level security as the guest, against the pure function on what was meant; reasons, quotas and conditions included.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePorts } from '../../launcher/free-port.mjs';
import { startPostgres } from '../../launcher/postgres.mjs';
import { temporaryRun } from '../../launcher/temporary-run.mjs';
import { loadTypeScript } from '../../typescript/load.mjs';
import { seededRandom } from '../events/seeded-random.mjs';
import { OVER_ALL, keyOf, randomWorld } from './random-world.mjs';

const PAIRS_PER_GUEST = 50;
/** So many of the pairs are decided as a booking decides them, too. */
const BOOKED = 0.1;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** @param {{ pairs: number, seed: number }} size @returns {Promise<string[]>} */
export async function sharingFaults({ pairs, seed }) {
  const run = await temporaryRun();
  const [port] = await freePorts(1);
  const postgres = await startPostgres({ folder: join(run.folder, 'postgres'), port, password: randomBytes(18).toString('base64url'), log: join(run.folder, 'postgres.log'), durable: false, onSpawn: ({ record }) => run.add(record) });
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_KAFKA_BROKERS ??= 'none:0';
  try {
    return await faultsOf({ pairs, seed });
  } finally {
    await postgres.stop();
    run.remove();
  }
}

/** @param {{ pairs: number, seed: number }} size */
async function faultsOf({ pairs, seed }) {
  const { freshDatabase } = loadTypeScript('libs/testing/src/index.ts');
  const { migrations } = loadTypeScript('apps/scheduling/src/migrations/index.ts');
  const database = await freshDatabase('scheduling', migrations);
  const tables = await open(database);
  try {
    const random = seededRandom(seed);
    const begin = Date.now();
    const tally = { pairs: 0, booked: 0, worlds: 0, answers: /** @type {Map<string, number>} */ (new Map()) };
    /** @type {string[]} */
    const faults = [];
    for (let number = 1; tally.pairs < pairs && faults.length < 10; number += 1) {
      const world = randomWorld(random, number);
      await tables.store(world);
      tally.worlds += 1;
      for (const guest of world.practices) faults.push(...(await askedBy(guest, world, tables, random, tally, pairs)).map((fault) => `seed ${seed}, network ${number}: ${fault}`));
    }
    const answers = [...tally.answers].sort((a, b) => b[1] - a[1]);
    console.log(`  sharing: ${tally.pairs} pairs in ${tally.worlds} networks in ${((Date.now() - begin) / 1000).toFixed(0)} s, ${tally.booked} of them decided as a booking, too`);
    console.log(`    ${answers.map(([answer, n]) => `${answer} ${n}`).join(', ')}`);
    const never = pairs < 20_000 ? [] : REASONS.filter((reason) => !tally.answers.has(reason)).map((reason) => `no pair was answered ${reason}: it proved nothing`);
    return [...faults, ...never];
  } finally {
    await tables.close();
    await database.drop();
  }
}
const REASONS = ['yes', 'yes, if', 'yes, asked first', 'no-agreement', 'not-in-force', 'ends-before-visit', 'papers-missing', 'not-covered', 'blackout', 'outside-shared-hours', 'not-yet-open', 'returned-to-owner', 'no-time-to-answer', 'only-for', 'payer', 'own-patients-first', 'lender-guard', 'quota-used'];

/** @param {string} guest @param {ReturnType<typeof randomWorld>} world @param {Awaited<ReturnType<typeof open>>} tables @param {() => number} random */
async function askedBy(guest, world, tables, random, tally, pairs) {
  const now = world.now();
  const requests = Array.from({ length: Math.min(PAIRS_PER_GUEST, pairs - tally.pairs) }, () => world.asked(guest));
  if (requests.length === 0) return [];
  const { agreements, facts } = meant(world, now);
  /** @type {string[]} */
  const faults = [];
  await tables.as(guest, async (tx) => {
    const starts = requests.map(({ start }) => start);
    const shared = await tables.sharing(world, now).load(tx, guest, Math.min(...starts), Math.max(...starts), now);
    for (const request of requests) {
      const expected = JSON.stringify(tables.decide(request, agreements, facts));
      const offer = { ...request, practice: request.host, partnerVisitsPerDay: request.providerTakes, partnerApprovalHours: request.asksFirst?.withinHours ?? null, minimumNoticeMinutes: request.asksFirst?.noticeMinutes ?? 0 };
      if (request.host !== guest && shared.pressure.asks(offer)) await shared.pressure.learn(offer);
      const found = JSON.stringify(tables.decide(request, shared.agreements, shared.facts));
      if (found !== expected) faults.push(`${JSON.stringify({ now, request })}: the search says ${found}, meant is ${expected}`);
      note(tally, JSON.parse(expected));
      if (random() < BOOKED) {
        const known = request.visitor.newPatient !== null;
        const booked = JSON.stringify(await tables.bookability(world, now, request).sharing(tx, guest, offer, request.start, now, known ? { person: '00000000-0000-7000-8000-000000000000', ...request.visitor } : null));
        tally.booked += 1;
        // Whether the patient is new is asked only where a rule of the host wants to know; then it is known.
        if (booked !== expected) faults.push(`${JSON.stringify({ now, request })}: the booking says ${booked}, meant is ${expected}`);
      }
    }
  });
  return faults;
}

function note(tally, decision) {
  const answer = decision.allowed ? (decision.approveBy !== null ? 'yes, asked first' : decision.conditions.length > 0 ? 'yes, if' : 'yes') : decision.reason.code;
  tally.pairs += 1;
  tally.answers.set(answer, (tally.answers.get(answer) ?? 0) + 1);
}

/** The world as its maker had it in mind, never written down. @param {ReturnType<typeof randomWorld>} world @param {number} now */
function meant(world, now) {
  const counts = new Map(world.uses.map((use) => [keyOf(use), use.used]));
  const waits = new Set(world.waiting.filter(({ status, until, practice, practices }) => status === 'waiting' && until > now && (practices === null || practices.includes(practice))).map(({ practice, service }) => `${practice}/${service}`));
  return {
    agreements: world.agreed.map((agreement) => ({ ...agreement, standings: Object.fromEntries(agreement.practices.map((party) => [party, { leavesAt: null, papersUntil: world.papers[party] === null ? 0 : Date.parse(world.papers[party]) + DAY }])) })),
    facts: {
      now, used: (use) => counts.get(keyOf(use)) ?? 0, ownWaiting: (host, service) => waits.has(`${host}/${service}`),
      firstOwnStart: (host, visitType) => firstStart(world, now, host, visitType), visitsThatFit: (_, visitType) => world.fits.get(visitType),
    },
  };
}
const firstStart = (world, now, host, visitType) => { const days = world.first.get(`${host}/${visitType}`); return days === null ? null : now + days * DAY; };

/** The service's own readers on a database; only what the calendars say is the world's, because it stands in no agreement. */
async function open(database) {
  const [{ createDataSource, UnitOfWork }, { SystemClock }, { decideSharing }, { AgreementRepository }, { QuotaRepository }, { Bookability }, { SharingFacts }, { HostPressure }] = ['libs/persistence/src/index.ts', 'libs/kernel/src/index.ts', 'apps/scheduling/src/agreements/domain/share-rule.ts',
    'apps/scheduling/src/agreements/persistence/agreement.repository.ts', 'apps/scheduling/src/agreements/persistence/quota.repository.ts', 'apps/scheduling/src/openings/bookability.ts', 'apps/scheduling/src/openings/sharing-facts.ts', 'apps/scheduling/src/openings/host-pressure.ts'].map(loadTypeScript);
  const { default: pg } = await import('pg');
  const source = await createDataSource({ url: database.appUrl, poolSize: 2, applicationName: 'proof' }).initialize();
  const work = new UnitOfWork({ source: 'scheduling', app: source, worker: source, clock: new SystemClock() });
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`SET session_replication_role = replica`);
  const [agreements, quotas] = [new AgreementRepository(), new QuotaRepository()];
  const pressureOf = (world, now) => new HostPressure(
    { open: async (_, { practice, visitType }, { range }) => { const start = firstStart(world, now, practice, visitType); return start === null || start >= range.end ? null : (async function* () { yield [{ start }]; })(); } },
    { matching: async (_, { visitType }) => [{ offering: { zone: 'UTC', bufferBeforeMinutes: 0, bufferAfterMinutes: 0, durationMinutes: 1 }, weeks: { open: ({ start }) => [{ start, end: start + world.fits.get(visitType) * MINUTE }] } }] },
  );
  // Why without selectors: sites and providers of rules are matched against the offerings' own, which this one offering stands for.
  const everywhere = (pressure) => { const of = pressure.of.bind(pressure); pressure.of = (...given) => { const known = of(...given); const fit = known.visitsThatFit.bind(known); known.visitsThatFit = (rule, ...rest) => fit({ ...rule, sites: null, providers: null }, ...rest); return known; }; return pressure; };
  return {
    decide: decideSharing,
    sharing: (world, now) => new SharingFacts(agreements, quotas, everywhere(pressureOf(world, now))),
    bookability: (world, now, request) => new Bookability(null, null, agreements, quotas, null, null, everywhere(pressureOf(world, now)), { isNew: async () => request.visitor.newPatient }),
    as: (practice, read) => work.run({ kind: 'staff', practice, subject: 'proof' }, read),
    async store({ practices, agreements: versions, papers, uses, waiting }) {
      const partnership = `00000000-0000-7000-9000-${practices[0].replace(/\D/g, '').padStart(12, '0')}`;
      const rows = (table, columns, list) => (list.length === 0 ? null : admin.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`, [JSON.stringify(list)]));
      const iso = (at) => (at === null ? null : new Date(at).toISOString());
      await admin.query(`INSERT INTO partnership (id, name) VALUES ($1, 'x')`, [partnership]);
      await rows('practice', 'id, name, zone, phone, email, sender_number, staffed', practices.map((id) => ({ id, name: id, zone: 'UTC', phone: '', email: '', sender_number: id, staffed: true })));
      await rows('membership', 'practice_id, partnership_id', practices.map((id) => ({ practice_id: id, partnership_id: partnership })));
      const kinds = (practice) => ['baa', 'ownership', 'state-law'].slice(0, papers[practice] === null ? 2 : 3);
      await rows('member_document', 'id, practice_id, kind, title, document, sha256, owner, signed_on, expires_on, added_at, added_by', practices.flatMap((practice) => kinds(practice).map((kind) => ({
        id: crypto.randomUUID(), practice_id: practice, kind, title: 'x', document: 'x', sha256: '0'.repeat(64), owner: 'x', signed_on: '2026-01-01', expires_on: kind === 'ownership' ? (papers[practice] ?? '2030-12-31') : '2031-01-01', added_at: iso(0), added_by: 'x',
      }))));
      await rows('agreement', 'id, partnership_id, version, practices, name', [...new Set(versions.map(({ id }) => id))].map((id) => ({ id, partnership_id: partnership, version: 1, practices, name: 'x' })));
      await rows('agreement_version', 'agreement_id, version, based_on, status, practices, effective_from, effective_to, terms, drafted_for, authors, drafted_at, revision, affected', versions.map(({ id, version, status, practices: parties, from, until, blackoutDates, neighbours, rules }) => ({
        agreement_id: id, version, based_on: 0, status, practices: parties, effective_from: iso(from), effective_to: iso(until), drafted_for: practices[0], authors: [], drafted_at: iso(from), revision: 1, affected: [],
        terms: { name: 'x', practices: parties, effectiveFrom: iso(from), endsAt: iso(until), noticeDays: 90, blackoutDates, rules, ...(neighbours.length > 0 ? { neighbours } : {}) },
      })));
      await rows('quota_use', 'id, agreement_id, rule, host_id, day, period, used', uses.map(({ agreement, rule, host, period, date, used }) => ({ id: crypto.randomUUID(), agreement_id: agreement === OVER_ALL ? null : agreement, rule, host_id: host, day: date, period, used })));
      await rows('waitlist_entry', 'id, practice_id, patient_id, person_id, service_code, practices, notice_minutes, urgency, channels, status, added_at, until, version, confidential', waiting.map(({ id, practice, service, status, until, practices: wanted }) => ({
        id, practice_id: practice, patient_id: id, person_id: id, service_code: service, practices: wanted, notice_minutes: 0, urgency: 'routine', channels: ['sms'], status, added_at: iso(0), until: iso(until), version: 1, confidential: false,
      })));
    },
    close: async () => { await admin.end(); await source.destroy(); },
  };
}
