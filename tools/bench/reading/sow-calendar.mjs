import pg from 'pg';
import { idOf } from '../booking/sow.mjs';

const practice = 'lakeside';
const group = { site: 'c001', provider: 'c002', resource: 'c003', visitType: 'c007' };
export const days = 90;

/** Providers of one practice, ten at a site, who work from 8 to 17 on weekdays and give four visit types of half an hour; of the next 90 days `full` of the half hours are taken, spread evenly.
 * @param {string} databaseUrl @param {{ providers: number, full: number }} size
 * @returns {Promise<{ practice: string, sites: string[], providers: string[], visitTypes: string[], services: string[] }>} */
export async function sowCalendar(databaseUrl, { providers, full }) {
  const url = new URL(databaseUrl);
  url.pathname = '/scheduling';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const sites = Math.ceil(providers / 10);
  try {
    await client.query(`
      BEGIN;
      INSERT INTO visit_type (id, practice_id, service_code, name, duration_minutes, modality)
        SELECT ${idOf(group.visitType, 'n')}, '${practice}', code, 'Measured visit ' || n, 30, CASE WHEN n = 3 THEN 'video' ELSE 'in-person' END FROM (SELECT code, row_number() OVER (ORDER BY code)::int - 1 AS n FROM service) s WHERE n < 4;
      INSERT INTO site (id, practice_id, name, zone, phone, address, state, latitude, longitude)
        SELECT ${idOf(group.site, 'n')}, '${practice}', 'Measured site ' || n, p.zone, p.phone, '{}', 'IL', 41.5 + n % 10 * 0.1, -88 + n / 10 * 0.1 FROM generate_series(0, ${sites - 1}) n, practice p WHERE p.id = '${practice}' ORDER BY n;
      INSERT INTO provider (id, practice_id, name, languages, payers) SELECT ${idOf(group.provider, 'n')}, '${practice}', 'Measured provider ' || n, CASE WHEN n % 3 = 0 THEN '{en,es}'::text[] ELSE '{en}' END, CASE WHEN n % 4 = 0 THEN '{medicare}'::text[] ELSE '{}' END
        FROM generate_series(0, ${providers - 1}) n ORDER BY n;
      INSERT INTO resource (id, practice_id, provider_id, kind, name) SELECT ${idOf(group.resource, 'n')}, '${practice}', ${idOf(group.provider, 'n')}, 'provider', 'Measured provider ' || n FROM generate_series(0, ${providers - 1}) n;
      INSERT INTO provider_visit_type (practice_id, provider_id, visit_type_id) SELECT '${practice}', ${idOf(group.provider, 'n')}, ${idOf(group.visitType, 'k')} FROM generate_series(0, ${providers - 1}) n, generate_series(0, 3) k;
      INSERT INTO availability (id, practice_id, provider_id, site_id, weekday, from_time, to_time, valid_from)
        SELECT gen_random_uuid(), '${practice}', ${idOf(group.provider, 'n')}, ${idOf(group.site, '(n / 10)')}, d, '08:00', '17:00', '2020-01-01' FROM generate_series(0, ${providers - 1}) n, generate_series(1, 5) d;
      COMMIT`);
    await withoutIndexes(client, 'occupancy', () => client.query(
      `INSERT INTO occupancy (id, host_id, resource_id, during, appointment_id, taken_at)
       SELECT gen_random_uuid(), '${practice}', ${idOf(group.resource, 'n')}, tstzrange(t.at, t.at + interval '30 minutes'), gen_random_uuid(), now()
       FROM generate_series(0, ${providers - 1}) n, generate_series(0, ${days}) d, generate_series(0, 17) s, practice p,
         LATERAL (SELECT ((((now() AT TIME ZONE p.zone)::date + d) + time '08:00' + s * interval '30 minutes') AT TIME ZONE p.zone) AS at) t
       WHERE p.id = '${practice}' AND extract(isodow FROM (now() AT TIME ZONE p.zone)::date + d) < 6 AND abs(hashint4(n * 100000 + d * 100 + s)) % 100 < $1`, [Math.round(full * 100)]));
    await client.query('VACUUM ANALYZE');
    const ids = async (/** @type {string} */ of, /** @type {number} */ most) => (await client.query(`SELECT array_agg(${of}::text) AS ids FROM generate_series(0, ${most - 1}) n`)).rows[0].ids;
    const { rows: [{ services }] } = await client.query(`SELECT array_agg(service_code ORDER BY id) AS services FROM visit_type WHERE id >= ${idOf(group.visitType, '0')} AND id <= ${idOf(group.visitType, '3')}`);
    return { practice, services, sites: await ids(idOf(group.site, 'n'), sites), providers: await ids(idOf(group.provider, 'n'), providers), visitTypes: await ids(idOf(group.visitType, 'n'), 4) };
  } finally {
    await client.end();
  }
}

/** Fills a table without its constraints and indexes and makes them anew: what they forbid is refused then. Row by row, 700,000 taken times need six minutes.
 * @param {import('pg').Client} client @param {string} table @param {() => Promise<unknown>} fill */
async function withoutIndexes(client, table, fill) {
  const { rows: constraints } = await client.query(`SELECT conname AS name, pg_get_constraintdef(oid) AS made FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'u', 'x')`, [table]);
  const { rows: indexes } = await client.query(`SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made FROM pg_index i WHERE i.indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`, [table]);
  await client.query('BEGIN');
  for (const { name } of constraints) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await fill();
  for (const { name, made } of constraints) await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${made}`);
  for (const { made } of indexes) await client.query(made);
  await client.query('COMMIT');
}
