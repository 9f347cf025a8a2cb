import { MINUTE, formatInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Desk, type HttpResult, RunningScheduling } from './running-scheduling';

interface Item { id: string; waitsForYou: boolean; reason: string; patient: string | null; uses: number; runs: boolean; acknowledged: { text: string | null } | null }

let scheduling: RunningScheduling;
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;
let maria: string;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) for (const role of ['manager', 'owner', 'clinician', 'frontdesk', 'auditor']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
  maria = ((await who('frontdesk@harbor').post('/patients/search', { name: 'Maria Alvarez' })).body['items'] as unknown as { id: string }[])[0]!.id;
});
afterAll(async () => scheduling.stop());
/** Who has asked five times is let ask again. */
const anHourLater = (): void => moveTo(formatInstant(plusMs(scheduling.now(), 61 * MINUTE)));
beforeEach(() => anHourLater());

const moveTo = (at: string): void => void scheduling.clock.moveTo(Math.max(scheduling.clock.offset, Date.parse(at) - Date.now() + 1_000));
const reason = 'Found unconscious on our stairs, ambulance is called';
const about = (more: object = {}) => ({ host: 'harbor', givenName: 'María', familyName: 'alvarez', birthDate: '1984-06-17', purpose: 'treatment', reason, ...more });
const ask = (by: string, more: object = {}, headers: Record<string, string> = {}): Promise<HttpResult> => who(by).post('/emergency-access', about(more), headers);
async function begun(by: string, more: object = {}): Promise<{ id: string; endsAt: string }> {
  const answer = await ask(by, more);
  expect(answer.status).toBe(201);
  return { id: String(answer.body['id']), endsAt: String(answer.body['endsAt']) };
}
const read = (by: string, id: string) => who(by).get(`/emergency-access/${id}/patient`);
const items = async (by: string): Promise<Item[]> => (await who(by).get('/emergency-access?limit=200')).body['items'] as unknown as Item[];
const audited = async (id: string): Promise<string[]> => (await scheduling.sql<{ row: string }>(`SELECT practice_id || ' ' || replace(action, 'emergency-access.', '') AS row FROM audit_entry WHERE entity_id = $1 AND action <> 'emergency-access.read' ORDER BY at, practice_id`, [id])).map(({ row }) => row);

describe('emergency access', () => {
  test("a clinician reads one patient's minimum at a partner, both practices have every use in their audit, and the patient's manager acknowledges it", async () => {
    const [opening] = await who('frontdesk@harbor').openings(`service=primary-care-visit&practice=harbor&from=${scheduling.inDays(2)}&to=${scheduling.inDays(9)}&limit=5`);
    expect((await who('frontdesk@harbor').post('/appointments', { opening: opening!.id, patient: maria })).status).toBe(201);
    const { id, endsAt } = await begun('clinician@summit');
    expect(Math.abs(Date.parse(endsAt) - scheduling.now() - 60 * MINUTE)).toBeLessThan(MINUTE);
    const { status, body, headers } = await read('clinician@summit', id);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(body).sort()).toEqual(['birthDate', 'comingVisits', 'endsAt', 'familyName', 'givenName', 'host', 'language', 'needs', 'phone']);
    expect(body).toMatchObject({ givenName: 'Maria', familyName: 'Alvarez', birthDate: '1984-06-17', phone: '+16175550142', language: 'es' });
    expect((body['comingVisits'] as unknown as object[]).map((visit) => Object.keys(visit).sort())).toEqual([['provider', 'site', 'start', 'zone']]);
    expect(body['comingVisits']).toMatchObject([{ start: opening!.start, zone: opening!.zone }]);
    await read('clinician@summit', id);

    expect(await items('manager@harbor')).toMatchObject([{ id, waitsForYou: true, by: 'clinician@summit.example', reason, patient: maria, uses: 2, runs: true }]);
    expect(await items('clinician@summit')).toMatchObject([{ id, waitsForYou: false, reason, patient: null, uses: 2 }]);
    for (const stranger of ['manager@desert', 'manager@lakeside']) expect(await items(stranger)).toEqual([]);
    expect(await scheduling.sql(`SELECT purpose, profile, to_practice_id AS "to" FROM disclosure WHERE practice_id = 'harbor' AND patient_id = $1`, [maria])).toEqual(Array.from({ length: 2 }, () => ({ purpose: 'treatment', profile: 'emergency', to: 'summit' })));

    expect((await who('clinician@harbor').post(`/emergency-access/${id}/acknowledge`, { text: 'we called the ward' })).status).toBe(403);
    expect(await who('manager@summit').post(`/emergency-access/${id}/acknowledge`, { text: 'we did it ourselves' })).toMatchObject({ status: 403, body: { code: 'not-the-patients-practice' } });
    expect((await who('manager@harbor').post(`/emergency-access/${id}/acknowledge`, { text: 'we called the ward' })).status).toBe(204);
    expect(await who('manager@harbor').post(`/emergency-access/${id}/acknowledge`, { text: 'once more' })).toMatchObject({ status: 409, body: { code: 'acknowledged-already' } });
    expect(await items('manager@harbor')).toMatchObject([{ waitsForYou: false, acknowledged: { by: 'manager@harbor.example', text: 'we called the ward' } }]);
    expect((await items('clinician@summit'))[0]!.acknowledged).toMatchObject({ text: null });

    moveTo(endsAt);
    expect(await read('clinician@summit', id)).toMatchObject({ status: 410, body: { code: 'emergency-access-over' } });
    await eventually('its end is written down', async () => (await audited(id)).includes('harbor ended'));
    const rows = await audited(id);
    for (const practice of ['harbor', 'summit']) expect(rows.filter((row) => row.startsWith(practice))).toEqual(['begun', 'used', 'used', 'acknowledged', 'ended'].map((what) => `${practice} ${what}`));
    expect(await scheduling.sql<{ last: string }>(`SELECT last FROM event_sequence WHERE key = $1 AND topic = 'scheduling.governance.v1'`, [id])).toEqual([{ last: '5' }]);
    const [kept] = await scheduling.sql<{ row: string }>(`SELECT e::text AS row FROM emergency_access e WHERE id = $1`, [id]);
    for (const secret of ['Alvarez', 'unconscious', 'ward']) expect(kept!.row).not.toContain(secret);
  });

  test('who may not is refused and written down; a wrong name says the same as no patient; nobody reads with the access of another', async () => {
    for (const by of ['frontdesk@summit', 'owner@summit', 'auditor@summit']) expect(await ask(by)).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
    expect(await ask('clinician@lakeside')).toMatchObject({ status: 403, body: { code: 'agreement-not-in-force' } });
    expect(await ask('clinician@harbor')).toMatchObject({ status: 422, body: { code: 'own-patient' } });
    for (const wrong of [{ reason: 'emergency' }, { purpose: 'operations' }, { minutes: 241 }, { patient: maria }]) expect((await ask('clinician@desert', wrong)).status).toBe(400);
    const [wrongName, nobody] = [await ask('clinician@desert', { givenName: 'Mario' }), await ask('clinician@desert', { givenName: 'Xenia', familyName: 'Nowhere', birthDate: '1950-01-01' })];
    expect(wrongName).toMatchObject({ status: 404, body: { code: 'emergency-patient-not-found' } });
    expect(wrongName.body).toEqual(nobody.body);
    expect(await scheduling.sql(`SELECT practice_id FROM audit_entry WHERE action = 'emergency-access.refused' AND actor_subject = 'clinician@desert.example' ORDER BY practice_id`)).toEqual(['desert', 'desert', 'harbor', 'harbor'].map((practice_id) => ({ practice_id })));
    const { id } = await begun('clinician@desert');
    expect(await read('manager@desert', id)).toMatchObject({ status: 403, body: { code: 'access-of-another' } });
    for (const by of ['clinician@harbor', 'clinician@summit', 'manager@lakeside']) expect(await read(by, id)).toMatchObject({ status: 404 });
    expect((await who('clinician@summit').call('DELETE', `/emergency-access/${id}`)).status).toBe(404);
    expect((await who('manager@harbor').call('DELETE', `/emergency-access/${id}`)).status).toBe(204);
    expect(await read('clinician@desert', id)).toMatchObject({ status: 410 });
    expect((await who('clinician@desert').call('DELETE', `/emergency-access/${id}`)).status).toBe(410);
    expect((await scheduling.sql(`SELECT 1 FROM audit_entry WHERE action = 'access.refused' AND actor_subject = 'manager@desert.example' AND details->>'code' = 'access-of-another'`))).toHaveLength(1);
  });

  test('a person asks five times an hour at most, also at once, whether a patient is found or not', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => ask('manager@summit', i % 2 ? { givenName: `Guess${'abcdefghijkl'[i]!}` } : {})));
    expect(answers.filter(({ status }) => status === 201 || status === 404)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
    expect(await ask('manager@summit')).toMatchObject({ status: 429, body: { code: 'too-many-emergencies' } });
    expect((await ask('manager@desert')).status).toBe(201);
    anHourLater();
    expect((await ask('manager@summit')).status).toBe(201);
  });

  test('P4: a repeated request opens one access', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => ask('clinician@summit', {}, { 'idempotency-key': 'stairs' })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => String(body['id']))).size).toBe(1);
  });

  test('P7: it ends with the agreement, although its time is not over', async () => {
    const { id } = await begun('clinician@summit', { minutes: 240 });
    expect((await read('clinician@summit', id)).status).toBe(200);
    await scheduling.sql(`UPDATE agreement_version SET effective_to = $1 WHERE 'summit' = ANY (practices)`, [new Date(scheduling.now())]);
    expect(await read('clinician@summit', id)).toMatchObject({ status: 410 });
    expect(await ask('clinician@summit')).toMatchObject({ status: 403, body: { code: 'agreement-not-in-force' } });
  });
});
