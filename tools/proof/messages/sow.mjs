import { randomBytes } from 'node:crypto';
import { loadTypeScript } from '../../typescript/load.mjs';

const DAY = 86_400_000;
/** Four practices with a number each. */
export const PRACTICES = ['harbor', 'summit', 'desert', 'lakeside'].map((id, i) => ({ id, number: `+1617555010${i}` }));
const AREAS = [339, 351, 413, 508, 617, 774, 781, 857, 978];

/** @typedef {{ n: number, host: string, patient: string, phone: string, email: string, visit: any, request: string, start: number }} Subject */

/** Writes practices, patients and visits where notifications keeps what it knows of them, and tells the stand-in for scheduling. One patient, phone and visit for each message.
 * @param {import('./messages-stack.mjs').MessagesStack} stack @param {{ count: number, random: () => number, now: number }} what @returns {Promise<Subject[]>} */
export async function sow(stack, { count, random, now }) {
  const { newId } = loadTypeScript('libs/kernel/src/index.ts');
  const { blindIndexOf, seal } = loadTypeScript('libs/persistence/src/index.ts');
  const key = randomBytes(32);
  const places = new Map(PRACTICES.map(({ id }) => [id, { site: newId(), provider: newId(), visitType: newId() }]));
  /** @type {Subject[]} */
  const subjects = [];
  const contacts = [];
  const patients = [];
  for (let n = 0; n < count; n += 1) {
    const host = PRACTICES[n % PRACTICES.length].id;
    const [patient, visit] = [newId(), newId()];
    const phone = `+1${AREAS[Math.floor(n / 10_000)]}555${String(n % 10_000).padStart(4, '0')}`;
    const email = `p${n}@patients.example`;
    const start = Math.floor((now + (3 + 7 * random()) * DAY) / 60_000) * 60_000;
    const at = (/** @type {number} */ ms) => new Date(ms).toISOString();
    subjects.push({ n, host, patient, phone, email, request: newId(), start, visit: {
      id: visit, revision: 1, status: 'booked', participation: 'needs-action', host, booking: host, patient, bookingPatient: null, ...places.get(host), service: 'primary-care-visit', modality: 'in-person',
      start: at(start), end: at(start + 1_800_000), zone: 'America/New_York', bookedAt: at(now),
    } });
    patients.push({ id: patient, practice: host, given_name: seal(key, 'Maria', `${patient}:givenName`) });
    contacts.push({ patient, practice: host, channel: 'sms', idx: blindIndexOf(stack.indexKey, 'phone', phone), sealed: seal(key, phone, `${patient}:phone`) });
    contacts.push({ patient, practice: host, channel: 'email', idx: blindIndexOf(stack.indexKey, 'email', email), sealed: seal(key, email, `${patient}:email`) });
    stack.scheduling.identity.patientKeys.set(patient, key.toString('base64'));
    stack.scheduling.visits.set(visit, subjects.at(-1)?.visit);
  }
  const known = PRACTICES.map(({ id, number }) => ({ id, number, ...places.get(id) }));
  await stack.rows('notifications', `INSERT INTO practice (id, name, phone, email, sender_number) SELECT id, initcap(id) || ' Clinic', number, 'desk@' || id || '.example', number FROM jsonb_to_recordset($1::jsonb) AS r(id text, number text)`, [JSON.stringify(known)]);
  await stack.rows('notifications', `INSERT INTO site (id, practice, name, phone, line, city, state, postal_code) SELECT site, id, 'Main Street', number, '1 Main St', 'Boston', 'MA', '02110' FROM jsonb_to_recordset($1::jsonb) AS r(id text, number text, site uuid)`, [JSON.stringify(known)]);
  await stack.rows('notifications', `INSERT INTO provider (id, practice, name) SELECT provider, id, 'Dr. Rivera' FROM jsonb_to_recordset($1::jsonb) AS r(id text, provider uuid)`, [JSON.stringify(known)]);
  await stack.rows('notifications', `INSERT INTO visit_type (id, practice, sensitive) SELECT "visitType", id, false FROM jsonb_to_recordset($1::jsonb) AS r(id text, "visitType" uuid)`, [JSON.stringify(known)]);
  await inParts(patients, (part) => stack.rows('notifications', `INSERT INTO patient (id, practice, language, zone, given_name, quiet_from, quiet_until, voice_only, absent)
    SELECT id, practice, 'en', 'America/New_York', given_name, '21:00', '08:00', false, false FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, practice text, given_name text)`, [part]));
  await inParts(contacts, (part) => stack.rows('notifications', `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(patient uuid, practice text, channel text, idx text, sealed text)),
    points AS (INSERT INTO contact_point (channel, idx) SELECT channel, idx FROM r)
    INSERT INTO patient_contact (patient, practice, channel, idx, sealed, consented, position) SELECT patient, practice, channel, idx, sealed, true, 0 FROM r`, [part]));
  await inParts(subjects.map(({ visit }) => visit), (part) => stack.rows('notifications', `INSERT INTO visit (id, kind, host, booking, patient, revision, status, site, provider, modality, start_at, end_at, zone, visit_type)
    SELECT id, 'appointment', host, host, patient, 1, 'booked', site, provider, modality, start, "end", zone, "visitType" FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, host text, patient uuid, site uuid, provider uuid, "visitType" uuid, modality text, start timestamptz, "end" timestamptz, zone text)`, [part]));
  await stack.rows('notifications', 'ANALYZE');
  return subjects;
}

async function inParts(rows, write) {
  for (let from = 0; from < rows.length; from += 5_000) await write(JSON.stringify(rows.slice(from, from + 5_000)));
}

/** What reminders asks for when a step is due.
 * @param {Subject} subject @param {number} now */
export const requestOf = ({ host, patient, visit, request }, now, over = {}) => ({
  id: request, host, booking: host, patient, subjects: [{ kind: 'appointment', id: visit.id, revision: visit.revision, step: 'text-3d' }], class: 'consented-care', template: 'visit-reminder', channels: ['sms', 'email'],
  expiresAt: new Date(now + 36 * 3_600_000).toISOString(), visitStart: visit.start, ...over,
});
