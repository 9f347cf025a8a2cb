import pg from 'pg';
import { Trouble } from '../../launcher/trouble.mjs';
import { waitUntil } from '../../launcher/wait-until.mjs';
import { idOf, practice } from '../booking/sow.mjs';

const group = { person: 'd005', patient: 'd006', entry: 'd008' };

/** Once every round before has ended: patients of the measured practice who wait for its service, one entry each, the longest wait first; a tenth of them urgent or soon, a third with wishes that most times do not meet. All live where it is about noon, so that it is nobody's night.
 * @param {string} databaseUrl @param {{ service: string, entries: number }} of */
export async function sowWaiting(databaseUrl, { service, entries }) {
  const url = new URL(databaseUrl);
  url.pathname = '/scheduling';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const east = 12 - new Date().getUTCHours();
  const zone = `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
  try {
    const settled = await waitUntil(async () => (await client.query('SELECT FROM offer_round WHERE next_at IS NOT NULL LIMIT 1')).rowCount === 0, { seconds: 120, everyMs: 300 });
    if (!settled) throw new Trouble('The rounds of times that nobody waited for do not end.');
    await client.query(`
      BEGIN;
      INSERT INTO person (id, lone_practice_id) SELECT ${idOf(group.person, 'n')}, '${practice}' FROM generate_series(0, ${entries - 1}) n;
      INSERT INTO patient (id, practice_id, person_id, wrapped_key, given_name, family_name, birth_date, name_index, birth_date_index, language, zone, registered_at)
        SELECT ${idOf(group.patient, 'n')}, '${practice}', ${idOf(group.person, 'n')}, 'measured', 'measured', 'measured', 'measured', md5('waits' || n), md5('born' || n), 'en', '${zone}', now() FROM generate_series(0, ${entries - 1}) n;
      INSERT INTO waitlist_entry (id, practice_id, patient_id, person_id, service_code, weekdays, from_time, to_time, notice_minutes, urgency, channels, added_at, until)
        SELECT ${idOf(group.entry, 'n')}, '${practice}', ${idOf(group.patient, 'n')}, ${idOf(group.person, 'n')}, '${service}', CASE WHEN n % 3 = 0 THEN ARRAY[1 + n % 7]::smallint[] END, CASE WHEN n % 6 = 0 THEN '08:00' END, CASE WHEN n % 6 = 0 THEN '12:00' END, 120,
          CASE WHEN n % 50 = 0 THEN 'urgent' WHEN n % 10 = 0 THEN 'soon' ELSE 'routine' END, '{sms}', now() - n * interval '1 minute', now() + interval '90 days' FROM generate_series(0, ${entries - 1}) n;
      COMMIT`);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}
