import pg from 'pg';

/** @typedef {{ practice: string, visitType: string, patients: string[], refs: { visitType: number, provider: number, site: number }, service: string, subject: string }} Sown
 *   refs: of the first provider and site; the others follow without gaps */

export const practice = 'lakeside';
export const providers = 40;
export const patients = 4000;
/** Ids that say what they are of, so that pgbench can build them from a number. @param {string} group four hexadecimal digits @param {string} number an SQL expression */
export const idOf = (group, number) => `('00000000-0000-7000-8000-${group}' || lpad(to_hex(${number}), 8, '0'))::uuid`;
export const groups = { site: 'a001', provider: 'a002', resource: 'a003', room: 'a004', person: 'a005', patient: 'a006', visitType: 'a007' };
const { site, provider, resource, room, person, patient, visitType } = groups;

/** Forty providers with a site and a room each, open from 6 to 22 every day, visits of 15 minutes that need a room; and patients. In a practice of the sandbox that stands alone,
 * because its people can sign in. @param {string} databaseUrl @returns {Promise<Sown>} */
export async function sowBench(databaseUrl) {
  const url = new URL(databaseUrl);
  url.pathname = '/scheduling';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`
      BEGIN;
      INSERT INTO visit_type (id, practice_id, service_code, name, duration_minutes, needs) VALUES (${idOf(visitType, '1')}, '${practice}', (SELECT min(code) FROM service), 'Measured visit', 15, '[{"kind": "room", "capability": null, "bufferBeforeMinutes": 0, "bufferAfterMinutes": 0}]');
      INSERT INTO site (id, practice_id, name, zone, phone, address, state) SELECT ${idOf(site, 'n')}, '${practice}', 'Measured site ' || n, p.zone, p.phone, '{}', 'MA' FROM generate_series(0, ${providers - 1}) n, practice p WHERE p.id = '${practice}' ORDER BY n;
      INSERT INTO provider (id, practice_id, name) SELECT ${idOf(provider, 'n')}, '${practice}', 'Measured provider ' || n FROM generate_series(0, ${providers - 1}) n ORDER BY n;
      INSERT INTO resource (id, practice_id, provider_id, kind, name) SELECT ${idOf(resource, 'n')}, '${practice}', ${idOf(provider, 'n')}, 'provider', 'Measured provider ' || n FROM generate_series(0, ${providers - 1}) n;
      INSERT INTO resource (id, practice_id, site_id, kind, name) SELECT ${idOf(room, 'n')}, '${practice}', ${idOf(site, 'n')}, 'room', 'Measured room ' || n FROM generate_series(0, ${providers - 1}) n;
      INSERT INTO provider_visit_type (practice_id, provider_id, visit_type_id) SELECT '${practice}', ${idOf(provider, 'n')}, ${idOf(visitType, '1')} FROM generate_series(0, ${providers - 1}) n;
      INSERT INTO availability (id, practice_id, provider_id, site_id, weekday, from_time, to_time, valid_from)
        SELECT gen_random_uuid(), '${practice}', ${idOf(provider, 'n')}, ${idOf(site, 'n')}, d, '06:00', '22:00', '2020-01-01' FROM generate_series(0, ${providers - 1}) n, generate_series(1, 7) d;
      INSERT INTO person (id, lone_practice_id) SELECT ${idOf(person, 'n')}, '${practice}' FROM generate_series(0, ${patients - 1}) n;
      INSERT INTO patient (id, practice_id, person_id, wrapped_key, given_name, family_name, birth_date, name_index, birth_date_index, language, zone, registered_at)
        SELECT ${idOf(patient, 'n')}, '${practice}', ${idOf(person, 'n')}, 'measured', 'measured', 'measured', 'measured', md5('name' || n), md5('birth' || n), 'en', 'UTC', now() FROM generate_series(0, ${patients - 1}) n;
      COMMIT`);
    await client.query('VACUUM ANALYZE');
    const { rows: [facts] } = await client.query(`
      SELECT v.id AS "visitType", v.service_code AS service, v.ref AS visit_type, p.ref AS provider, s.ref AS site, (SELECT subject FROM staff WHERE practice_id = '${practice}' AND active ORDER BY 'front-desk' = ANY (roles) DESC LIMIT 1) AS subject,
        (SELECT array_agg(id ORDER BY id) FROM patient WHERE id >= ${idOf(patient, '0')} AND id < ${idOf(patient, String(patients))}) AS patients
      FROM visit_type v, provider p, site s WHERE v.id = ${idOf(visitType, '1')} AND p.id = ${idOf(provider, '0')} AND s.id = ${idOf(site, '0')}`);
    return { practice, visitType: facts.visitType, patients: facts.patients, refs: { visitType: facts.visit_type, provider: facts.provider, site: facts.site }, service: facts.service, subject: facts.subject };
  } finally {
    await client.end();
  }
}
