import { createHash } from 'node:crypto';
import { DAY } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Desk, type HttpResult, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

interface Plan { id: string; state: string; exitAt: string | null; checklist: { item: string; done: boolean; evidence: string }[]; certificate: { sha256: string; practice: string } | null }
interface Behind { appointment: string; host: string; booking: string; start: string; honoured: boolean; patient: string }

let scheduling: RunningScheduling;
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) for (const role of ['manager', 'owner', 'frontdesk']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
  // So that openings lie on both sides of the exit: rules that open early, and little notice.
  await scheduling.sql(`ALTER TABLE agreement_version DISABLE TRIGGER keep_agreed_terms`);
  await scheduling.sql(`UPDATE agreement_version SET terms = jsonb_set(terms, '{noticeDays}', '10')`);
  await scheduling.sql(`ALTER TABLE agreement_version ENABLE TRIGGER keep_agreed_terms`);
});
afterAll(async () => scheduling.stop());

const planOf = ({ body }: HttpResult): Plan => body as unknown as Plan;
const read = async (by: string, id: string): Promise<Plan> => planOf(await who(by).get(`/exit-plans/${id}`));
const open = ({ checklist }: Plan): string[] => checklist.filter(({ done }) => !done).map(({ item }) => item);
const found = (by: string, practice: string, from: number, to: number): Promise<OpeningItem[]> => who(by).openings(`service=${practice === 'summit' ? 'skin-check' : 'primary-care-visit'}&practice=${practice}&from=${scheduling.inDays(from)}&to=${scheduling.inDays(to)}&limit=200`);
const behind = async (by: string, id: string): Promise<Behind[]> => (await who(by).get(`/exit-plans/${id}/visits`)).body['items'] as unknown as Behind[];
const exported = (id: string, by: string, content: string, format: string) => fetch(`${scheduling.url}/api/scheduling/v1/exit-plans/${id}/export?content=${content}&format=${format}`, { headers: { authorization: `Bearer ${tokens.get(by)!}` } });
const tokens = new Map<string, string>();

const SIGNERS = ['owner@harbor', 'manager@desert', 'owner@desert', 'manager@summit', 'owner@summit'];
const shared = async (): Promise<string> => (await scheduling.sql<{ id: string }>(`SELECT v.agreement_id AS id FROM agreement_version v WHERE v.version = 1 AND v.status = 'in-force' AND v.practices @> '{harbor,summit,desert}'`))[0]!.id;
const versionOf = async (id: string, version: number): Promise<HttpResult['body']> => (await who('manager@harbor').get(`/agreements/${id}/versions/${version}`)).body;
const proposed = async (id: string, version: number, practices: string[], days: number): Promise<HttpResult> => {
  const terms = { name: 'Later', practices, effectiveFrom: scheduling.inDays(days), noticeDays: 10, rules: [{ id: 'visits', host: 'harbor' }] };
  expect(await who('manager@harbor').post(`/agreements/${id}/versions`, terms)).toMatchObject({ status: 201 });
  return who('manager@harbor').post(`/agreements/${id}/propose`, { version });
};

test('before anybody leaves, all sign an amendment that begins later', async () => {
  const id = await shared();
  const { body } = await proposed(id, 2, ['desert', 'harbor', 'summit'], 40);
  for (const by of SIGNERS) expect(await who(by).post(`/agreements/${id}/approve`, { version: 2, hash: body['hash'] })).toMatchObject({ status: 200 });
  expect(await versionOf(id, 2)).toMatchObject({ status: 'approved' });
});

test('a practice leaves: nothing is offered across at once, nothing behind the exit is bookable, visits are honoured or moved, data is returned, and the checklist closes on evidence alone (P7, P8)', async () => {
  for (const by of ['owner@summit', 'owner@harbor']) tokens.set(by, await scheduling.issuer.tokenOf(`${by}.example`));
  const later = await found('frontdesk@harbor', 'summit', 12, 22);
  const booked: string[] = [];
  const patients = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' AND needs = '{}' AND NOT deceased ORDER BY id`)).map((row) => row.id);
  // On days of their own, so that none stands in another's way.
  for (const opening of later.filter(({ start }, i) => later.findIndex((other) => other.start.slice(0, 10) === start.slice(0, 10)) === i).slice(0, 3)) {
    const { status, body } = await who('frontdesk@harbor').post('/appointments', { opening: opening.id, patient: patients[booked.length] });
    expect(status).toBe(201);
    booked.push(String(body['id']));
  }
  expect(booked).toHaveLength(3);
  const given = await who('manager@summit').post('/exit-plans', { reason: 'the partners retire' });
  expect(given).toMatchObject({ status: 201, body: { state: 'notice', exitAt: null } });
  const id = planOf(given).id;
  expect(await who('owner@summit').post('/exit-plans', { reason: 'once more' })).toMatchObject({ status: 409, body: { code: 'exit-begun' } });
  expect(await who('manager@summit').post(`/exit-plans/${id}/confirm`)).toMatchObject({ status: 403, body: { code: 'second-person-needed' } });
  expect(await who('owner@harbor').post(`/exit-plans/${id}/confirm`)).toMatchObject({ status: 403, body: { code: 'not-the-leaver' } });
  expect(await who('owner@lakeside').post(`/exit-plans/${id}/confirm`)).toMatchObject({ status: 404 });
  expect(await who('frontdesk@summit').post(`/exit-plans/${id}/confirm`)).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
  const before = scheduling.now();
  const confirmed = planOf(await who('owner@summit').post(`/exit-plans/${id}/confirm`));
  expect(confirmed.state).toBe('leaving');
  const exit = Date.parse(confirmed.exitAt!);
  expect(Math.round((exit - before) / DAY)).toBe(10);
  expect(open(confirmed)).toEqual(['visits-settled', 'patients-told', 'final-statement', 'keys-off', 'data-returned', 'records-kept']);

  // Before the exit time is still shared, behind it nothing is, in neither direction.
  expect((await found('frontdesk@harbor', 'summit', 1, 9)).length).toBeGreaterThan(0);
  expect(await found('frontdesk@harbor', 'summit', 10, 20)).toEqual([]);
  expect((await found('frontdesk@desert', 'harbor', 10, 20)).length).toBeGreaterThan(0);
  expect(await found('frontdesk@summit', 'harbor', 10, 20)).toEqual([]);
  expect(await who('frontdesk@harbor').post('/holds', { opening: later.at(-1)!.id })).toMatchObject({ status: 422, body: { code: 'not-shared', detail: expect.stringContaining('summit leaves the partnership') } });

  // Before the exit its host moves a partner's visit as ever, but not to behind it: the patient is asked by the practice that booked.
  const near = await who('frontdesk@harbor').post('/appointments', { opening: (await found('frontdesk@harbor', 'summit', 3, 5))[0]!.id, patient: patients[3] });
  expect(near.status).toBe(201);
  const move = async (from: number, to: number) => who('frontdesk@summit').post(`/appointments/${String(near.body['id'])}/reschedule`, { opening: (await found('frontdesk@summit', 'summit', from, to)).at(-1)!.id });
  expect(await move(12, 20)).toMatchObject({ status: 422, body: { code: 'not-shared', detail: expect.stringContaining('summit leaves the partnership') } });
  expect((await move(6, 8)).status).toBe(200);

  expect((await behind('manager@harbor', id)).map(({ appointment }) => appointment).sort()).toEqual([...booked].sort());
  expect(await who('manager@harbor').post(`/exit-plans/${id}/honour`, { visits: [booked[0]] })).toMatchObject({ status: 422, body: { code: 'not-to-honour' } });
  expect((await who('manager@summit').post(`/exit-plans/${id}/honour`, { visits: [booked[0]] })).status).toBe(200);
  expect(await who('frontdesk@harbor').post(`/appointments/${booked[1]!}/cancel`, { reason: 'pat' })).toMatchObject({ status: 200 });
  expect(open(await read('manager@harbor', id))).toContain('visits-settled');
  expect((await who('manager@summit').post(`/exit-plans/${id}/honour`)).status).toBe(200);
  expect(open(await read('manager@harbor', id))).not.toContain('visits-settled');
  expect(await who('manager@harbor').post(`/exit-plans/${id}/evidence`, { item: 'patients-told', evidence: 'so we say' })).toMatchObject({ status: 403, body: { code: 'not-the-leaver' } });
  for (const item of ['patients-told', 'final-statement']) expect((await who('manager@summit').post(`/exit-plans/${id}/evidence`, { item, evidence: 'letters of today', document: 'urn:example:letters' })).status).toBe(200);
  expect(await who('owner@summit').post(`/exit-plans/${id}/close`)).toMatchObject({ status: 409, body: { code: 'checklist-open', open: ['keys-off', 'data-returned', 'records-kept'] } });

  const persons = await scheduling.sql<{ n: number }>(`SELECT count(DISTINCT person_id)::int AS n FROM patient WHERE practice_id = 'summit'`);
  scheduling.clock.moveTo(Math.max(scheduling.clock.offset, exit - Date.now() + 1_000));
  await eventually('the practice has left', async () => (await read('manager@summit', id)).state === 'left');
  expect((await who('frontdesk@harbor').get('/practices/summit')).status).toBe(404);
  expect(await found('frontdesk@harbor', 'summit', 1, 9)).toEqual([]);
  expect((await who('frontdesk@harbor').get(`/appointments/${booked[0]!}`)).body).toMatchObject({ status: 'booked' });
  expect((await who('frontdesk@summit').get(`/appointments/${booked[0]!}`)).body).toMatchObject({ status: 'booked' });
  expect(await scheduling.sql(`SELECT count(*)::int AS n FROM person WHERE lone_practice_id = 'summit'`)).toEqual(persons);
  expect(await scheduling.sql(`SELECT 1 FROM patient p JOIN patient q ON q.person_id = p.person_id AND q.practice_id <> 'summit' WHERE p.practice_id = 'summit'`)).toEqual([]);
  expect(await scheduling.sql(`SELECT 1 FROM appointment a JOIN person_time t ON t.appointment_id = a.id JOIN patient p ON p.id = a.patient_id WHERE t.person_id <> a.person_id OR p.person_id <> a.person_id`)).toEqual([]);
  expect(await scheduling.sql(TAKEN_TWICE)).toEqual([]);

  expect((await exported(id, 'owner@harbor', 'patients', 'csv')).status).toBe(403);
  for (const content of ['patients', 'appointments']) {
    for (const format of ['fhir', 'csv']) {
      const answer = await exported(id, 'owner@summit', content, format);
      expect(answer.status).toBe(200);
      const body = await answer.text();
      const noted = () => scheduling.sql<{ sha256: string; rows: number }>(`SELECT sha256, rows FROM exit_export WHERE plan_id = $1 AND content = $2 AND format = $3`, [id, content, format]);
      await eventually('the export is noted', async () => (await noted()).length === 1);
      const [line] = await noted();
      expect(line!.sha256).toBe(createHash('sha256').update(body).digest('hex'));
      const [{ n }] = (await scheduling.sql<{ n: number }>(content === 'patients' ? `SELECT count(*)::int AS n FROM patient WHERE practice_id = 'summit'` : `SELECT count(*)::int AS n FROM appointment WHERE 'summit' IN (host_id, booking_id)`)) as [{ n: number }];
      expect(line!.rows).toBe(n);
      if (format === 'fhir') for (const resource of body.trim().split('\n')) expect(JSON.parse(resource)).toMatchObject({ resourceType: content === 'patients' ? 'Patient' : 'Appointment' });
    }
  }
  expect(await who('owner@summit').post(`/exit-plans/${id}/close`)).toMatchObject({ status: 409, body: { open: ['records-kept'] } });
  expect((await who('owner@summit').post(`/exit-plans/${id}/evidence`, { item: 'records-kept', evidence: 'each practice keeps what it wrote, seven years' })).status).toBe(200);
  expect(await who('owner@harbor').post(`/exit-plans/${id}/close`)).toMatchObject({ status: 403, body: { code: 'not-the-leaver' } });
  const closed = planOf(await who('owner@summit').post(`/exit-plans/${id}/close`));
  expect(closed).toMatchObject({ state: 'closed', certificate: { practice: 'summit', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  expect((await read('manager@harbor', id)).certificate).toEqual(closed.certificate);
});

test('what a practice signed before its notice does not bring it back after its exit (P7); those who stay amend without it, and it neither ends nor amends what is theirs now', async () => {
  const id = await shared();
  expect(await versionOf(id, 2)).toMatchObject({ status: 'terminated', endedBecause: 'lapsed', endedNote: 'summit leaves the partnership before' });
  expect(await versionOf(id, 1)).toMatchObject({ status: 'in-force', effectiveTo: null });
  for (const by of ['manager@summit', 'owner@summit']) expect(await who(by).post(`/agreements/${id}/terminate`, { reason: 'we are gone' })).toMatchObject({ status: 403, body: { code: 'no-party-of-it' } });
  const { body } = await proposed(id, 3, ['desert', 'harbor'], 5);
  expect(body).toMatchObject({ status: 'proposed', affected: ['desert', 'harbor'] });
  for (const by of SIGNERS.slice(0, 3)) expect(await who(by).post(`/agreements/${id}/approve`, { version: 3, hash: body['hash'] })).toMatchObject({ status: 200 });
  expect(await versionOf(id, 3)).toMatchObject({ status: 'approved' });
});

test('a notice that nobody confirmed can be taken back, and one who is in no partnership has nothing to leave', async () => {
  const id = planOf(await who('manager@desert').post('/exit-plans', { reason: 'we thought so' })).id;
  expect(await who('manager@desert').post(`/exit-plans/${id}/honour`)).toMatchObject({ status: 409, body: { code: 'exit-step-refused' } });
  expect(await who('manager@desert').post(`/exit-plans/${id}/withdraw`)).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
  expect((await who('manager@desert').post('/exit-plans', { reason: 'now in earnest' })).status).toBe(201);
  expect(await who('manager@lakeside').post('/exit-plans', { reason: 'of nothing' })).toMatchObject({ status: 422, body: { code: 'no-partnership' } });
});

test('a practice that left and came back by a new agreement can still close its old exit: what was booked since is no matter of it', async () => {
  const id = (await scheduling.sql<{ id: string }>(`SELECT id FROM exit_plan WHERE practice_id = 'desert' AND state = 'notice'`))[0]!.id;
  const { exitAt } = planOf(await who('owner@desert').post(`/exit-plans/${id}/confirm`));
  for (const host of ['desert', 'harbor', 'summit']) await who(`manager@${host}`).post(`/exit-plans/${id}/honour`);
  const moveTo = (at: string): void => void scheduling.clock.moveTo(Math.max(scheduling.clock.offset, Date.parse(at) - Date.now() + 1_000));
  moveTo(exitAt!);
  await eventually('desert has left', async () => (await read('manager@desert', id)).state === 'left');
  const terms = { name: 'Again', practices: ['desert', 'harbor'], effectiveFrom: scheduling.inDays(1), rules: [{ id: 'visits', host: 'harbor' }] };
  const agreement = String((await who('manager@harbor').post('/agreements', terms)).body['id']);
  const { body } = await who('manager@harbor').post(`/agreements/${agreement}/propose`, { version: 1 });
  for (const by of SIGNERS.slice(0, 3)) expect(await who(by).post(`/agreements/${agreement}/approve`, { version: 1, hash: body['hash'] })).toMatchObject({ status: 200 });
  moveTo(terms.effectiveFrom);
  await eventually('desert is back', async () => (await who('manager@desert').get(`/agreements/${agreement}/versions/1`)).body['status'] === 'in-force');
  const patient = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'desert' AND needs = '{}' AND NOT deceased ORDER BY id LIMIT 1`))[0]!.id;
  const [opening] = await found('frontdesk@desert', 'harbor', 2, 9);
  expect(await who('frontdesk@desert').post('/appointments', { opening: opening!.id, patient })).toMatchObject({ status: 201 });
  expect(open(await read('manager@desert', id))).toEqual(['patients-told', 'final-statement', 'data-returned', 'records-kept']);
});
