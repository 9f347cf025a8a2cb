import { percentile } from '../percentile.mjs';

const practices = 20;
const wantedP99 = 100;
const clients = 4;
/** Of the pace that the clients reach when each asks as soon as it has its answer. */
const share = 0.6;

/** What a planner's page asks, by practices in turn. @param {any} capacity @param {import('../bench.mjs').BenchContext} context @returns {Promise<import('../bench.mjs').Figure[]>} */
export async function dashboards(capacity, { note, size }) {
  const years = size === 'full' ? 2 : 0.25;
  const names = Array.from({ length: practices }, (_, n) => `practice-${n}`);
  for (const practice of names) {
    capacity.identity.people.set(`manager@${practice}.example`, { practice, roles: ['manager'] });
    await capacity.admin.query(`INSERT INTO practice VALUES ($1, $1, 'America/New_York', '0193580e-0000-7000-8000-0000000000f1', true, now())`, [practice]);
  }
  const visits = await sow(capacity.admin, names, Math.round(365 * years));
  await capacity.admin.query(`INSERT INTO month_changed (practice, month) SELECT DISTINCT host, date_trunc('month', day)::date FROM visit_count`);
  const began = performance.now();
  await capacity.counted();
  note(`months across practices taken in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  note(`${visits} visits of ${practices} practices in ${years} years`);
  const span = 'from=2024-11-28&to=2026-11-27';
  const paths = ['activity', 'no-show', 'late-cancel', 'lead-time', 'demand', 'fill', 'provider-utilisation', 'third-next-available', 'scaling'].flatMap((id) => [`${id}?${span}`, `${id}?${span}&by=week`])
    .concat([`no-show?${span}&by=month&group=provider`, `fill?${span}&by=month&group=service`, `third-next-available?${span}&by=week&group=provider,visitType`, 'no-show/network?from=2025-01&to=2026-11', 'third-next-available/network?from=2025-01&to=2026-11']);
  const asked = names.flatMap((practice) => paths.map((path) => /** @type {const} */ ([`manager@${practice}.example`, `/measures/${path}`])));
  const ask = async (/** @type {readonly [string, string]} */ [who, path]) => {
    const begin = performance.now();
    const { status, body } = await capacity.get(who, path);
    if (status !== 200 || body.items.length === 0) throw new Error(`${path}: ${status}, ${body.items?.length} items`);
    return { path, ms: performance.now() - begin };
  };
  /** As fast as answers come. */
  const flatOut = async (/** @type {number} */ clients) => {
    const latencies = /** @type {{ path: string, ms: number }[]} */ ([]);
    let next = 0;
    await Promise.all(Array.from({ length: clients }, async () => {
      for (let one = asked[next++]; one !== undefined; one = asked[next++]) latencies.push(await ask(one));
    }));
    return latencies;
  };
  /** At an even pace, whatever the earlier ones do: one that waits behind others pays for it. */
  const paced = async (/** @type {number} */ perSecond) => {
    const begin = performance.now();
    return Promise.all(Array.from({ length: 2 * asked.length }, async (_, index) => {
      const due = begin + (index * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      const { path } = await ask(asked[index % asked.length] ?? asked[0]);
      return { path, ms: performance.now() - due };
    }));
  };
  await flatOut(clients);
  const one = await flatOut(1);
  const fullBegin = performance.now();
  const full = await flatOut(clients);
  const most = (full.length * 1000) / (performance.now() - fullBegin);
  const even = await paced(share * most);
  for (const path of new Set(even.map((one) => one.path))) {
    const of = (/** @type {typeof even} */ taken) => percentile(taken.filter((one) => one.path === path).map(({ ms }) => ms), 0.5).toFixed(0);
    note(`${of(even)} ms (p50), ${of(full)} ms at full speed: ${path}`);
  }
  const ms = even.map((one) => one.ms);
  const told = `p50 ${percentile(ms, 0.5).toFixed(0)} ms, ${ms.length} asked at ${(share * most).toFixed(0)}/s; one after the other p99 ${percentile(one.map(({ ms: taken }) => taken), 0.99).toFixed(0)} ms; ${clients} at a time as fast as answers come: ${most.toFixed(0)}/s, p99 ${percentile(full.map((one) => one.ms), 0.99).toFixed(0)} ms`;
  const p99 = percentile(ms, 0.99);
  return [{ what: `dashboard queries, ${practices} practices, ${years} years, at ${share * 100} % of their own maximum, p99`, measured: `${p99.toFixed(0)} ms (${told})`, limit: '-', ratio: null, wanted: `< ${wantedP99} ms`, holds: p99 < wantedP99 }];
}

/** Six providers a practice, sixteen visits a weekday; counted as the trigger counts them. @param {import('pg').Client} admin @param {string[]} names @param {number} days */
export async function sow(admin, names, days) {
  await admin.query(`SET session_replication_role = replica`);
  await admin.query(`
    CREATE TEMP TABLE provider AS SELECT p.name AS practice, md5(p.name || n)::uuid AS id, md5(p.name || 'site' || n % 2)::uuid AS site, n FROM unnest($1::text[]) AS p(name) CROSS JOIN generate_series(1, 6) AS n`, [names]);
  await admin.query(`
    INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, changed_at, took_time, patient, request_day, cancelled_at, ended_by, late)
    SELECT gen_random_uuid(), 1, CASE WHEN r < 0.06 THEN 'noshow' WHEN r < 0.14 THEN 'cancelled' ELSE 'fulfilled' END, p.practice, p.practice, p.site, p.id, md5(p.practice || 'type' || v % 3)::uuid, 'service-' || v % 3, 'in-person',
      d + make_interval(hours => 13, mins => 30 * v), d + make_interval(hours => 13, mins => 30 * v + 30), 'America/New_York', d, d - lead * interval '1 day', d, true, gen_random_uuid(), d - lead, CASE WHEN r BETWEEN 0.06 AND 0.14 THEN d END, CASE WHEN r BETWEEN 0.06 AND 0.14 THEN 'patient' END, r < 0.1
    FROM provider p CROSS JOIN generate_series('2026-11-27'::date - $1::int + 1, '2026-11-27'::date, interval '1 day') AS s(at) CROSS JOIN generate_series(0, 15) AS v CROSS JOIN LATERAL (SELECT s.at::date AS d, random() AS r, (random() * random() * 40)::int AS lead WHERE p.n IS NOT NULL) AS x
    WHERE extract(isodow FROM s.at) < 6`, [days]);
  await admin.query(`SET session_replication_role = origin`);
  const { rows: columns } = await admin.query(`SELECT string_agg(attname, ', ') AS dimensions FROM pg_attribute WHERE attrelid = 'visit_count'::regclass AND attnum BETWEEN 1 AND 7`);
  const { rows: counts } = await admin.query(`SELECT string_agg(attname, ', ') AS names, string_agg('sum(c.' || attname || ')', ', ') AS sums FROM pg_attribute WHERE attrelid = 'visit_count'::regclass AND attnum > 7 AND NOT attisdropped`);
  await admin.query(`INSERT INTO visit_count (${columns[0].dimensions}, ${counts[0].names}) SELECT ${columns[0].dimensions.split(', ').map((/** @type {string} */ name) => `c.${name}`).join(', ')}, ${counts[0].sums} FROM visit v CROSS JOIN LATERAL visit_counts(v, 1) c GROUP BY 1, 2, 3, 4, 5, 6, 7`);
  await admin.query(`INSERT INTO supply_day SELECT md5(p.id::text || s.at)::uuid, p.practice, p.id, s.at, 480, 60, now() FROM provider p CROSS JOIN generate_series('2026-11-27'::date - $1::int + 1, '2026-11-27'::date, interval '1 day') AS s(at) WHERE extract(isodow FROM s.at) < 6`, [days]);
  await admin.query(`INSERT INTO supply_part SELECT id, host, provider, day, NULL, 'service-' || v, 240 FROM supply_day CROSS JOIN generate_series(0, 2) AS v`);
  await admin.query(`INSERT INTO access_wait SELECT md5(p.site::text || s.at)::uuid, p.practice, p.site, p.id, md5(p.practice || 'type' || v)::uuid, 'service-' || v, 'all', s.at, s.at, (random() * 20)::int, (random() * 14)::int, 90
    FROM provider p CROSS JOIN generate_series('2026-11-27'::date - $1::int + 1, '2026-11-27'::date, interval '1 day') AS s(at) CROSS JOIN generate_series(0, 2) AS v`, [days]);
  await admin.query(`INSERT INTO agreement VALUES (gen_random_uuid(), 1, '0193580e-0000-7000-8000-0000000000f1', 'in-force', $1, '2025-06-01', NULL, now())`, [names]);
  await admin.query('ANALYZE');
  return Number((await admin.query('SELECT count(*) AS n FROM visit')).rows[0].n);
}
