// A year of shared time over a network, through the code that posts it, into a real PostgreSQL: the ledger sums to zero at every month's end, no pool is ever below zero, the balances are what really happened,
// and what was told, in another order between keys and with repetitions, makes the same rows again.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePorts } from '../../launcher/free-port.mjs';
import { startPostgres } from '../../launcher/postgres.mjs';
import { temporaryRun } from '../../launcher/temporary-run.mjs';
import { loadTypeScript } from '../../typescript/load.mjs';
import { seededRandom } from '../events/seeded-random.mjs';
import { simulateYear } from './simulated-year.mjs';

const BATCH = 1_000;

/** Returns what is not as it should be. @param {{ seed: number, visits?: number, practices?: number }} options */
export async function ledgerYear({ seed, visits = 50_000, practices = 5 }) {
  const run = await temporaryRun();
  const [port] = await freePorts(1);
  const postgres = await startPostgres({ folder: join(run.folder, 'postgres'), port, password: randomBytes(18).toString('base64url'), log: join(run.folder, 'postgres.log'), durable: false, onSpawn: ({ record }) => run.add(record) });
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_KAFKA_BROKERS ??= 'none:0';
  const begun = Date.now();
  const faults = [];
  const books = [];
  try {
    const year = simulateYear(loadTypeScript, { random: seededRandom(seed), visits, practices });
    console.log(`  ${year.visits} visits, ${year.days} dates of ${practices} hosts, ${year.events.length} events (seed ${seed})`);
    const first = await openBook(year);
    books.push(first);
    let month = '';
    for (const batch of batches(year.events)) {
      await first.post(batch);
      const reached = new Date(batch.at(-1).at).toISOString().slice(0, 7);
      if (reached !== month) faults.push(...(await first.check(reached)));
      month = reached;
    }
    faults.push(...(await first.check('the end')), ...(await first.compare(year.truth)));
    const lines = await first.lines();
    console.log(`  ${lines.count} lines: each posting and all together sum to zero at every month's end; ${year.truth.used} minutes used, ${year.truth.wasted} wasted, ${year.truth.returned} returned, ${year.truth.withdrawn} withdrawn, ${year.truth.takenBack} taken back`);
    const second = await openBook(year);
    books.push(second);
    for (const batch of batches(mixed(year.events, seededRandom(seed + 1)))) await second.post(batch);
    const again = await second.lines();
    if (again.count !== lines.count || again.hash !== lines.hash) faults.push(`made again it has ${again.count} lines (${again.hash}) and not ${lines.count} (${lines.hash})`);
    else console.log(`  made again from the first event, in another order and with repetitions: the same ${again.count} lines (${again.hash}); ${((Date.now() - begun) / 1000).toFixed(0)} s`);
    return faults;
  } finally {
    for (const book of books) await book.close();
    await postgres.stop();
    run.remove();
  }
}

function* batches(events) {
  for (let i = 0; i < events.length; i += BATCH) yield events.slice(i, i + BATCH);
}

/** The events of each key in their order, keys in any; every twentieth comes again, some time later. */
function mixed(events, random) {
  const keys = new Map();
  for (const event of events) keys.set(event.key, [...(keys.get(event.key) ?? []), event]);
  const order = [...keys.values()].flatMap((own) => {
    let at = 0;
    return own.map((event) => ({ event, at: (at += random()) }));
  }).sort((a, b) => a.at - b.at).map(({ event }) => event);
  return order.flatMap((event, i) => (i > 40 && random() < 0.05 ? [event, order[i - 1 - Math.floor(random() * 40)]] : [event]));
}

async function openBook(year) {
  const { freshDatabase } = loadTypeScript('libs/testing/src/index.ts');
  const { migrations } = loadTypeScript('apps/scheduling/src/migrations/index.ts');
  const { UnitOfWork, createDataSource, workerFor } = loadTypeScript('libs/persistence/src/index.ts');
  const { SystemClock } = loadTypeScript('libs/kernel/src/index.ts');
  const { PostToLedger } = loadTypeScript('apps/scheduling/src/ledger/commands/post-to-ledger.ts');
  const { LedgerRepository } = loadTypeScript('apps/scheduling/src/ledger/persistence/ledger.repository.ts');
  const database = await freshDatabase('scheduling', migrations);
  const worker = await createDataSource({ url: database.workerUrl, poolSize: 2, applicationName: 'ledger-year' }).initialize();
  const { default: pg } = await import('pg');
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query('INSERT INTO partnership (id, name) VALUES ($1, $2)', [year.agreement, 'A simulated network']);
  for (const [i, practice] of year.practices.entries()) await admin.query('INSERT INTO practice (id, name, zone, phone, email, sender_number) VALUES ($1, $1, $2, $3, $4, $3)', [practice, year.zone, `+1303555${1000 + i}`, `desk@${practice}.example`]);
  await admin.query('INSERT INTO agreement (id, partnership_id, version, practices) VALUES ($1, $1, 1, $2)', [year.agreement, year.practices]);
  const work = new UnitOfWork({ source: 'scheduling', app: worker, worker, clock: new SystemClock() });
  const post = new PostToLedger(new LedgerRepository());
  const one = async (sql, values = []) => (await admin.query(sql, values)).rows[0];
  return {
    /** One transaction, as a run of events is. */
    post: (batch) => work.run(workerFor('ledger-year', null), async (tx) => {
      await post.sharedTime(tx, batch.flatMap((event) => event.postings ?? []));
      await post.visits(tx, batch.flatMap((event) => event.visit ?? []));
    }),
    async check(when) {
      const { sum, odd } = await one('SELECT coalesce(sum(minutes), 0)::text AS sum, (SELECT count(*)::int FROM (SELECT 1 FROM ledger_line GROUP BY posting_id HAVING sum(minutes) <> 0 OR count(*) <> 2) x) AS odd FROM ledger_line');
      const { below } = await one(`SELECT count(*)::int AS below FROM (SELECT 1 FROM ledger_line WHERE account <> 'capacity' GROUP BY practice_id, host_id, account, day HAVING sum(minutes) < 0) x`);
      return [...(sum === '0' ? [] : [`${when}: the ledger sums to ${sum}`]), ...(odd === 0 ? [] : [`${when}: ${odd} postings do not balance`]), ...(below === 0 ? [] : [`${when}: ${below} accounts of a date are below zero`])];
    },
    async compare(truth) {
      const { rows } = await admin.query('SELECT account, sum(minutes)::int AS minutes FROM ledger_line GROUP BY account');
      const found = Object.fromEntries(rows.map(({ account, minutes }) => [account, minutes]));
      const wanted = { used: truth.used, wasted: truth.wasted, booked: truth.unmarked, returned: truth.returned, 'withdrawn-late': truth.withdrawn, 'taken-back': truth.takenBack, pool: 0, capacity: -truth.offered };
      return Object.entries(wanted).flatMap(([account, minutes]) => ((found[account] ?? 0) === minutes ? [] : [`${account} holds ${found[account] ?? 0} minutes, and ${minutes} were simulated`]));
    },
    lines: () => one(`SELECT count(*)::int AS count, md5(string_agg(l::text, ';' ORDER BY posting_id, side)) AS hash FROM ledger_line l`),
    async close() {
      await admin.end();
      await worker.destroy();
      await database.drop();
    },
  };
}
