import { type Desk, RunningScheduling } from './running-scheduling';

interface Found { readonly id: string; readonly givenName: string; readonly phone: string | null; readonly version: number }

let scheduling: RunningScheduling;
let harbor: Desk;
let clinician: Desk;
let auditor: Desk;
let lakeside: Desk;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, clinician, auditor, lakeside] = await Promise.all(['frontdesk@harbor.example', 'clinician@harbor.example', 'auditor@harbor.example', 'frontdesk@lakeside.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
});
afterAll(async () => scheduling.stop());

const search = async (desk: Desk, by: object): Promise<Found[]> => {
  const { status, body } = await desk.post('/patients/search', by);
  expect(status).toBe(200);
  return body['items'] as unknown as Found[];
};
const person = (given: string, more: object = {}) => ({ givenName: given, familyName: 'Ravenscroft', birthDate: '1979-11-30', phone: '(617) 555-0177', email: `${given.toLowerCase()}@example.net`, ...more });

describe('patients over HTTP', () => {
  test('a desk finds Maria Alvarez by name in either order, by phone as people write it, and by what all agrees', async () => {
    for (const by of [{ name: 'maría  ALVAREZ' }, { name: 'Alvarez, Maria' }, { phone: '617-555-0142' }, { email: 'Maria.Alvarez@Example.com' }, { recordNumber: 'h-10001' }, { name: 'Maria Alvarez', birthDate: '1984-06-17' }]) {
      expect(await search(harbor, by)).toEqual([expect.objectContaining({ givenName: 'Maria', familyName: 'Alvarez', phone: '+16175550142', language: 'es' })]);
    }
    expect(await search(harbor, { name: 'Maria Alvarez', birthDate: '1984-06-18' })).toEqual([]);
    expect(await search(lakeside, { phone: '+16175550142' })).toEqual([]);
    expect(await harbor.post('/patients/search', {})).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  test('registers, reads, changes under If-Match, and refuses the change of somebody who read an older version', async () => {
    const added = await harbor.post('/patients', person('Odette', { needs: ['wheelchair'], consent: { text: true } }));
    expect(added).toMatchObject({ status: 201, body: { practice: 'harbor', linked: false, version: 1 } });
    const path = `/patients/${String(added.body['id'])}`;
    const read = await clinician.get(path);
    expect(read.body).toMatchObject({ givenName: 'Odette', phone: '+16175550177', zone: 'America/New_York', needs: ['wheelchair'], consent: { text: true, email: false } });
    expect(read.headers.get('etag')).toBe('"1"');
    const changed = await harbor.call('PUT', path, person('Odette', { phone: '+1 617 555 0191', language: 'es' }), { 'if-match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { phone: '+16175550191', language: 'es', version: 2 } });
    expect(await harbor.call('PUT', path, person('Odette'), { 'if-match': '"1"' })).toMatchObject({ status: 412, body: { code: 'version-changed' } });
    expect(await harbor.call('PUT', path, { ...changed.body, familyName: 'Ravenswood' }, { 'if-match': '"2"' })).toMatchObject({ status: 200, body: { familyName: 'Ravenswood', version: 3 } });
    expect(await harbor.call('PUT', path, { ...person('Odette'), consnet: {} })).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(await search(harbor, { phone: '617 555 0191' })).toHaveLength(1);
    expect((await lakeside.get(path)).status).toBe(404);
    expect((await lakeside.call('PUT', path, person('Odette'))).status).toBe(404);
  });

  test.each([
    ['/phone', { phone: '+1 617 123 456' }], ['/phone', { phone: '555' }], ['/email', { email: 'nobody' }], ['/givenName', { givenName: '' }], ['/familyName', { familyName: '<b>' }],
    ['/birthDate', { birthDate: '2999-01-01' }], ['/birthDate', { birthDate: '30.11.1979' }], ['/language', { language: 'fr' }], ['/needs/0', { needs: ['gold'] }], ['/zone', { zone: 'Mars/Olympus' }],
  ])('bad input is refused at %s and nothing is kept: %j', async (pointer, bad) => {
    const before = await scheduling.sql('SELECT count(*) AS n FROM patient');
    const answer = await harbor.post('/patients', person('Ephraim', bad));
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ pointer }] } });
    expect(await scheduling.sql('SELECT count(*) AS n FROM patient')).toEqual(before);
  });

  test('P4: a repeated registration with one Idempotency-Key makes one patient; another payload is 422', async () => {
    const key = { 'idempotency-key': 'registration-1' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => harbor.post('/patients', person('Philippa'), key)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['id'])}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(201);
    expect(await harbor.post('/patients', person('Phoebe'), key)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(await harbor.post('/patients', person('PHILIPPA'))).toMatchObject({ status: 409, body: { code: 'patient-already-registered', patient: answers[0]!.body['id'] } });
  });

  test('keeps who may act for a patient, sealed, and shows it to the own practice only', async () => {
    const [maria] = await search(harbor, { phone: '617-555-0142' });
    const path = `/patients/${maria!.id}/representatives`;
    const added = await harbor.post(path, { relation: 'carer', name: 'Ludovica Benavides', phone: '617 555 0166', may: ['see-visits', 'cancel'], validFrom: '2026-01-01' });
    expect(added.status).toBe(201);
    expect((await clinician.get(path)).body['items']).toEqual([expect.objectContaining({ name: 'Ludovica Benavides', phone: '+16175550166', may: ['see-visits', 'cancel'] })]);
    expect((await lakeside.get(path)).status).toBe(404);
    const [stored] = await scheduling.sql<{ row: string }>('SELECT to_jsonb(r)::text AS row FROM representative r');
    expect(stored!.row).not.toMatch(/Ludovica|Benavides|5550166/);
    expect((await harbor.call('DELETE', `${path}/${String(added.body['id'])}`)).status).toBe(204);
    expect((await harbor.get(path)).body['items']).toEqual([]);
  });

  test('what a booking practice learns of its patient reaches the host of a coming visit, until the host keeps the record itself or the visit is off', async () => {
    const summit = await scheduling.desk('frontdesk@summit.example');
    const registered = await harbor.post('/patients', person('Leopold', { consent: { text: true } }));
    const path = `/patients/${String(registered.body['id'])}`;
    const book = async (patient: unknown): Promise<{ readonly path: string; readonly atHost: string }> => {
      const [opening] = (await harbor.openings(`service=dermatology-consult&from=${scheduling.inDays(3)}&to=${scheduling.inDays(9)}&limit=50`)).filter(({ practice }) => practice === 'summit');
      const booked = await harbor.post('/appointments', { opening: opening!.id, patient });
      const visit = `/appointments/${String(booked.body['id'])}`;
      return { path: visit, atHost: `/patients/${String((await summit.get(visit)).body['patient'])}` };
    };
    const visit = await book(registered.body['id']);
    expect((await harbor.call('PUT', path, person('Leopold', { phone: '617 555 0188', language: 'es', recordNumber: 'H-77' }))).status).toBe(200);
    const known = await summit.get(visit.atHost);
    expect(known.body).toMatchObject({ practice: 'summit', phone: '+16175550188', language: 'es', recordNumber: null, version: 2, consent: { text: false, email: false } });
    const told = await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM disclosure WHERE patient_id = $1 AND to_practice_id = 'summit'`, [registered.body['id']]);
    expect(Number(told[0]!.n)).toBe(2);

    expect((await summit.call('PUT', visit.atHost, { ...known.body, phone: '+13035550123' }, { 'if-match': '"2"' })).status).toBe(200);
    expect((await harbor.call('PUT', path, person('Leopold', { phone: '617 555 0189' }))).status).toBe(200);
    expect((await summit.get(visit.atHost)).body).toMatchObject({ phone: '+13035550123', version: 3 });

    const other = await harbor.post('/patients', person('Leopoldine'));
    const off = await book(other.body['id']);
    expect((await harbor.post(`${off.path}/cancel`, { reason: 'pat' })).status).toBe(200);
    expect((await harbor.call('PUT', `/patients/${String(other.body['id'])}`, person('Leopoldine', { phone: '617 555 0190' }))).status).toBe(200);
    expect((await summit.get(off.atHost)).body).toMatchObject({ phone: '+16175550177', version: 1 });
  });

  test('P23: reading, finding and changing a patient each leave an audit row that names ids only', async () => {
    const [john] = await search(harbor, { name: 'John Whitfield' });
    await clinician.get(`/patients/${john!.id}`);
    const rows = await scheduling.sql<{ action: string; actor_subject: string; details: object }>(`SELECT action, actor_subject, details FROM audit_entry WHERE patient_id = $1 AND actor_subject NOT LIKE 'worker:%' ORDER BY at, id`, [john!.id]);
    expect(rows.map(({ action, actor_subject }) => [action, actor_subject])).toEqual([['patient.found', 'frontdesk@harbor.example'], ['patient.read', 'clinician@harbor.example']]);
    expect(await auditor.get(`/patients/${john!.id}`)).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
  });

  test('P24: a key goes to a service with its token only', async () => {
    const [john] = await search(harbor, { name: 'John Whitfield' });
    expect((await harbor.get(`/patient-keys/${john!.id}`)).status).toBe(403);
    const response = await fetch(`${scheduling.url}/api/scheduling/v1/patient-keys/${john!.id}`, { headers: { authorization: `Bearer ${await scheduling.issuer.serviceToken('notifications')}` } });
    expect(response.status).toBe(200);
    expect(Buffer.from(String(Object(await response.json()).key), 'base64')).toHaveLength(32);
  });

  test('lists go on where the page before ended, and each patient comes once', async () => {
    const seen: string[] = [];
    let cursor: unknown = null;
    do {
      const page = await harbor.get(`/patients?limit=40${cursor ? `&cursor=${String(cursor)}` : ''}`);
      expect(page.status).toBe(200);
      seen.push(...(page.body['items'] as unknown as Found[]).map(({ id }) => id));
      cursor = page.body['nextCursor'];
    } while (cursor);
    const [{ n }] = await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM patient WHERE practice_id = 'harbor'`) as [{ n: string }];
    expect(new Set(seen).size).toBe(Number(n));
    expect(seen).toHaveLength(Number(n));
    expect((await harbor.get('/patients?cursor=bm90LWFuLWlk')).status).toBe(400);
    expect((await harbor.get('/patients?limit=0')).status).toBe(400);
  });
});
