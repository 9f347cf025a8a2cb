import { parseInstant } from '@slotmesh/kernel';
import { Desk, type HttpResult, type OpeningItem, RunningScheduling } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let summitManager: Desk;
let summitClinician: Desk;
/** Of summit, found by harbor as a partner and by summit as the host. */
let visitType: string;
let registered = 0;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, summit, summitManager, summitClinician] = await Promise.all(['frontdesk@harbor.example', 'frontdesk@summit.example', 'manager@summit.example', 'clinician@summit.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
  visitType = (await scheduling.sql<{ id: string }>(`SELECT id FROM visit_type WHERE practice_id = 'summit' AND service_code = 'dermatology-consult' ORDER BY id LIMIT 1`))[0]!.id;
});
afterAll(async () => scheduling.stop());
afterEach(() => setPolicy(null));

async function setPolicy(policy: object | null): Promise<void> {
  const { body } = await summitManager.get(`/visit-types/${visitType}`);
  const changed = await summitManager.call('PUT', `/visit-types/${visitType}`, { ...body, policy });
  expect(changed.status).toBe(200);
}
const person = (desk: Desk, more: object = {}): Promise<HttpResult> => {
  registered += 1;
  return desk.post('/patients', { givenName: 'Imogen', familyName: `Test${String.fromCharCode(97 + (registered % 26))}${String.fromCharCode(97 + Math.floor(registered / 26))}`, birthDate: '1980-05-05', email: `imogen${registered}@patients.example`, ...more });
};
const patient = async (desk: Desk, more: object = {}): Promise<string> => {
  const added = await person(desk, more);
  expect(added.status).toBe(201);
  return String(added.body['id']);
};
interface Search { readonly items: readonly OpeningItem[]; readonly leftOut: readonly { readonly code: string; readonly reason: string; readonly count: number }[] }
const search = async (desk: Desk, who?: string, more = ''): Promise<Search> => {
  const { status, body } = await desk.get(`/openings?visitType=${visitType}&from=${scheduling.inDays(6)}&to=${scheduling.inDays(12)}&limit=100${who ? `&patient=${who}` : ''}${more}`);
  expect(status).toBe(200);
  return body as unknown as Search;
};
const policiesOf = ({ leftOut }: Search) => leftOut.filter(({ code }) => code.startsWith('policy-'));
const opening = async (desk: Desk, index = 0, more = ''): Promise<OpeningItem> => (await search(desk, undefined, more)).items[index]!;
const both: readonly [string, () => Desk][] = [['the host', () => summit], ['a partner', () => harbor]];

/** A patient whom summit saw today. */
async function established(desk: Desk): Promise<string> {
  const who = await patient(desk);
  const booked = await desk.post('/appointments', { opening: (await opening(desk)).id, patient: who });
  expect(booked.status).toBe(201);
  // Why in the table: the visit has to be over before the others are booked, and the clock is everybody's.
  await scheduling.sql(`UPDATE appointment SET status = 'fulfilled', starts_at = starts_at - interval '30 days', ends_at = ends_at - interval '30 days' WHERE id = $1`, [booked.body['id']]);
  return who;
}
/** A referral from harbor to summit, accepted, and authorised where a last day is given. */
async function referral(who: string, expires?: string): Promise<string> {
  const sent = await harbor.post('/referrals', { patient: who, to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'a mole that grew', ...(expires ? { needsAuthorisation: true } : {}) });
  expect(sent.status).toBe(201);
  const id = String(sent.body['id']);
  expect((await summitClinician.post(`/referrals/${id}/receive`)).status).toBe(200);
  expect((await summitClinician.post(`/referrals/${id}/accept`)).status).toBe(200);
  if (expires) expect((await summitClinician.post(`/referrals/${id}/authorise`, { number: 'A-1', expires })).status).toBe(200);
  return id;
}

interface PolicyCase { readonly policy: object; readonly code: string; readonly status?: number; readonly refused: (desk: Desk) => Promise<string>; readonly fits: (desk: Desk) => Promise<string>; readonly find?: string }
const cases: readonly (readonly [string, PolicyCase])[] = [
  ['established patients only', { policy: { patients: 'established' }, code: 'policy-established-patients', refused: (desk) => patient(desk), fits: (desk) => established(desk) }],
  ['new patients only', { policy: { patients: 'new' }, code: 'policy-new-patients', refused: (desk) => established(desk), fits: (desk) => patient(desk) }],
  ['how new patients are seen', { policy: { newPatientModalities: ['video'] }, code: 'policy-modality', refused: (desk) => patient(desk), fits: (desk) => established(desk) }],
  ['payers that are taken', { policy: { payers: ['medicare', 'medicaid'] }, code: 'policy-payer', refused: (desk) => patient(desk, { payer: 'commercial' }), fits: (desk) => patient(desk, { payer: 'Medicare' }), find: '&payer=medicare' }],
  ['a payer that is not known', { policy: { payers: ['medicare'] }, code: 'policy-payer-unknown', refused: (desk) => patient(desk), fits: (desk) => patient(desk, { payer: 'medicare' }), find: '&payer=medicare' }],
  ['the language', { policy: { providerSpeaksLanguage: true }, code: 'policy-language', refused: (desk) => patient(desk, { language: 'es' }), fits: (desk) => patient(desk) }],
  ['the least age', { policy: { minAgeYears: 18 }, code: 'policy-age', refused: (desk) => patient(desk, { birthDate: '2015-01-01' }), fits: (desk) => patient(desk) }],
  ['the greatest age', { policy: { maxAgeYears: 17 }, code: 'policy-age', refused: (desk) => patient(desk), fits: (desk) => patient(desk, { birthDate: '2015-01-01' }) }],
];

describe('the policy of a visit type', () => {
  describe.each(both)('towards %s', (_name, deskOf) => {
    test.each(cases)('P7: %s holds in search, booking and move, and each refusal names it', async (_policy, { policy, code, refused, fits, find = '' }) => {
      const desk = deskOf();
      const [one, other] = [await refused(desk), await fits(desk)];
      // Booked before there was the policy: the move is refused by it.
      const before = await desk.post('/appointments', { opening: (await opening(desk, 3, '&language=en')).id, patient: one });
      await setPolicy(policy);
      const left = await search(desk, one);
      const reason = left.leftOut.filter((entry) => entry.code === code);
      expect(reason).toHaveLength(1);
      expect(reason[0]!.count).toBeGreaterThan(0);
      const spanish = code === 'policy-language' ? (await search(desk, undefined)).items.filter((item) => !left.items.some(({ id }) => id === item.id)).at(-1)! : await opening(desk);
      if (code !== 'policy-language') expect(left.items).toEqual([]);
      const answer = await desk.post('/appointments', { opening: spanish.id, patient: one });
      expect(answer).toMatchObject({ status: 422, body: { code } });
      expect(String(answer.body['detail'])).not.toContain('1980');
      if (before.status === 201) expect(await desk.post(`/appointments/${String(before.body['id'])}/reschedule`, { opening: spanish.id })).toMatchObject({ status: 422, body: { code } });
      const found = await search(desk, other, find);
      expect(found.items.length).toBeGreaterThan(0);
      const booked = await desk.post('/appointments', { opening: found.items[0]!.id, patient: other });
      expect({ status: booked.status, code: booked.body['code'] }).toEqual({ status: 201, code: undefined });
    });
  });

  test('a required referral: without it, without authorisation and past its last day nothing is found or booked; with it the visit follows it', async () => {
    const [none, accepted, ends] = [await patient(harbor), await patient(harbor), await patient(harbor)];
    const days = (await search(harbor)).items;
    const last = days.find(({ start }) => start.slice(0, 10) > days[0]!.start.slice(0, 10))!;
    const withoutNumber = await referral(accepted);
    const authorised = await referral(ends, last.start.slice(0, 10));
    await setPolicy({ authorisationRequired: true });
    expect(policiesOf(await search(harbor, none))).toEqual([expect.objectContaining({ code: 'policy-referral-required' })]);
    expect(policiesOf(await search(harbor, accepted))).toEqual([expect.objectContaining({ code: 'policy-authorisation-required' })]);
    const found = await search(harbor, ends);
    expect(new Set(found.items.map(({ start }) => start.slice(0, 10) <= last.start.slice(0, 10)))).toEqual(new Set([true]));
    expect(policiesOf(found)).toEqual([expect.objectContaining({ code: 'policy-authorisation-expired' })]);
    const late = days.find(({ start }) => parseInstant(start) > parseInstant(`${last.start.slice(0, 10)}T23:59:59-07:00`))!;
    expect(await harbor.post('/appointments', { opening: late.id, patient: none })).toMatchObject({ status: 422, body: { code: 'policy-referral-required' } });
    expect(await harbor.post('/appointments', { opening: late.id, patient: accepted, referral: withoutNumber })).toMatchObject({ status: 422, body: { code: 'policy-authorisation-required' } });
    expect(await harbor.post('/appointments', { opening: late.id, patient: ends, referral: authorised })).toMatchObject({ status: 422, body: { code: 'authorisation-expired' } });
    expect(await harbor.post('/appointments', { opening: found.items[0]!.id, patient: ends })).toMatchObject({ status: 422, body: { code: 'policy-referral-required' } });
    expect(await harbor.post('/appointments', { opening: found.items[0]!.id, patient: ends, referral: authorised })).toMatchObject({ status: 201 });
  });

  test("the host's minimal record knows the payer, and not the record number", async () => {
    const who = await patient(harbor, { payer: 'medicare' });
    const booked = await harbor.post('/appointments', { opening: (await opening(harbor, 0, '&payer=medicare')).id, patient: who });
    expect(booked.status).toBe(201);
    const atHost = await summit.get(`/patients/${String((await summit.get(`/appointments/${String(booked.body['id'])}`)).body['patient'])}`);
    expect(atHost.body).toMatchObject({ payer: 'medicare', recordNumber: null });
  });

  test('a policy that contradicts itself is refused at its field', async () => {
    const { body } = await summitManager.get(`/visit-types/${visitType}`);
    const put = (policy: object) => summitManager.call('PUT', `/visit-types/${visitType}`, { ...body, policy });
    expect(await put({ minAgeYears: 18, maxAgeYears: 17 })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/policy/maxAgeYears' }] } });
    const flag = { id: 'chest-pain', text: { en: 'Chest pain?', es: '?Dolor?' }, kind: 'yes-no', redFlag: { when: ['yes'], instruction: { en: 'Call 911.', es: 'Llame al 911.' } } };
    expect(await put({ questions: [flag] })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/policy/questions/0/required' }] } });
  });
});

const flagged = {
  questions: [
    { id: 'bleeding', text: { en: 'Does it bleed now?', es: '¿Sangra ahora?' }, kind: 'yes-no', required: true, redFlag: { when: ['yes'], instruction: { en: 'Call the nurse line, 555-0100.', es: 'Llame a la enfermera, 555-0100.' } } },
    { id: 'where', text: { en: 'Where is it?', es: '¿Dónde está?' }, kind: 'choice', choices: ['face', 'arm', 'elsewhere'] },
    { id: 'since', text: { en: 'Since when?', es: '¿Desde cuándo?' }, kind: 'text' },
  ],
};
const fhirBook = async (desk: 'harbor' | 'summit', parameter: readonly object[]): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(`${scheduling.url}/fhir/R4/Appointment/$book`, {
    method: 'POST', headers: { authorization: `Bearer ${await scheduling.issuer.tokenOf(`frontdesk@${desk}.example`)}`, 'content-type': 'application/fhir+json' }, body: JSON.stringify({ resourceType: 'Parameters', parameter }),
  });
  return { status: response.status, text: await response.text() };
};
const auditOf = async (action: string, entityId: string): Promise<number> => Number((await scheduling.sql<{ n: string }>('SELECT count(*) AS n FROM audit_entry WHERE action = $1 AND entity_id = $2', [action, entityId]))[0]!.n);

describe('booking questions', () => {
  beforeEach(() => setPolicy(flagged));

  test.each(both)('%s reads what to ask, sends the answers, and only the host reads them again', async (_name, deskOf) => {
    const desk = deskOf();
    const item = await opening(desk);
    const asked = [{ id: 'bleeding', kind: 'yes-no', required: true, text: { es: '¿Sangra ahora?' } }, { id: 'where', choices: ['face', 'arm', 'elsewhere'] }, { id: 'since' }];
    expect(item).toMatchObject({ visitType: { questions: asked } });
    expect((await desk.get(`/visit-types/${visitType}`)).body).toMatchObject({ policy: { questions: asked } });
    const who = await patient(desk);
    expect(await desk.post('/appointments', { opening: item.id, patient: who })).toMatchObject({ status: 422, body: { code: 'required-answers', questions: ['bleeding'], detail: expect.stringMatching(/bleeding.*book with the answers.*POST \/api\/scheduling\/v1\/appointments where/) } });
    expect(await desk.post('/appointments', { opening: item.id, patient: who, answers: { bleeding: 'no', shoe: '42' } })).toMatchObject({ status: 422, body: { code: 'answers-do-not-fit', errors: [{ pointer: '/answers/shoe' }] } });
    expect(await desk.post('/appointments', { opening: item.id, patient: who, answers: { bleeding: 'no', where: 'moon' } })).toMatchObject({ status: 422, body: { code: 'answers-do-not-fit', errors: [{ pointer: '/answers/where' }] } });
    const booked = await desk.post('/appointments', { opening: item.id, patient: who, answers: { bleeding: false, where: 'arm', since: 'the zebra summer' } });
    expect(booked.status).toBe(201);
    const id = String(booked.body['id']);
    expect((await summit.get(`/appointments/${id}`)).body).toMatchObject({ answers: { bleeding: 'no', where: 'arm', since: 'the zebra summer' } });
    if (desk === harbor) expect((await harbor.get(`/appointments/${id}`)).body).toMatchObject({ answers: null });
    const [stored] = await scheduling.sql<{ row: string; events: string }>(`SELECT (SELECT a::text FROM appointment a WHERE id = $1) AS row, coalesce((SELECT string_agg(payload::text, '') FROM outbox WHERE key = $1::text), '') AS events`, [id]);
    expect(`${stored!.row}${stored!.events}`).not.toContain('zebra');
  });

  test('P2: in a series each visit type gets its own answers: a replacement of another type is booked with what that asks, and moved to with it', async () => {
    const kept = (await summit.get(`/visit-types/${visitType}`)).body;
    const made = await summitManager.post('/visit-types', { service: 'dermatology-consult', name: 'Patch test', durationMinutes: 30, policy: { questions: [{ id: 'nickel', text: { en: 'Nickel?', es: '¿Níquel?' }, kind: 'yes-no', required: true }] } });
    expect([made.status, kept['id']]).toEqual([201, visitType]);
    const { id, provider } = await opening(summit);
    const { body } = await summitManager.get(`/providers/${provider.id}`);
    expect((await summitManager.call('PUT', `/providers/${provider.id}`, { ...body, visitTypes: [...(body['visitTypes'] as unknown as string[]), made.body['id']] })).status).toBe(200);
    const [who, rule, answers] = [await patient(summit), 'FREQ=WEEKLY;COUNT=2', { bleeding: 'no' }];
    const { visits } = (await summit.post('/series/preview', { rule, opening: id, patient: who, answers })).body as unknown as { visits: { date: string; start: string }[] };
    const day = Date.parse(visits[1]!.start);
    const [patch, later] = await summit.openings(`visitType=${String(made.body['id'])}&from=${new Date(day).toISOString()}&to=${new Date(day + 2 * 86_400_000).toISOString()}&limit=80`).then((found) => [found[0]!, found.at(-1)!]);
    const ask = { rule, opening: id, patient: who, answers };
    expect(await summit.post('/series', { ...ask, replacements: { [visits[1]!.date]: patch!.id } })).toMatchObject({ status: 422, body: { code: 'required-answers', questions: ['nickel'], date: visits[1]!.date, visits: [{ date: visits[1]!.date, questions: ['nickel'] }] } });
    expect(await summit.post('/series', { ...ask, replacements: { [visits[1]!.date]: { opening: patch!.id, answers: { bleeding: 'no' } } } })).toMatchObject({ status: 422, body: { code: 'answers-do-not-fit' } });
    const booked = await summit.post('/series', { ...ask, replacements: { [visits[1]!.date]: { opening: patch!.id, answers: { nickel: 'yes' } } } });
    expect(booked.status).toBe(201);
    const [first, second] = booked.body['visits'] as unknown as { id: string }[];
    expect((await summit.get(`/appointments/${first!.id}`)).body).toMatchObject({ answers: { bleeding: 'no' } });
    expect((await summit.get(`/appointments/${second!.id}`)).body).toMatchObject({ answers: { nickel: 'yes' } });
    const move = { opening: later!.id, answers: { nickel: 'no' } };
    expect(await summit.post(`/appointments/${first!.id}/reschedule`, { opening: later!.id })).toMatchObject({ status: 422, body: { code: 'required-answers' } });
    expect((await summit.post(`/appointments/${first!.id}/reschedule`, move)).status).toBe(200);
    expect((await summit.get(`/appointments/${first!.id}`)).body).toMatchObject({ answers: { nickel: 'no' } });

    // The series moves as it was booked: what is asked is told by the date that it plans, and other times would not answer it.
    const [path, date] = [`/series/${String(booked.body['id'])}`, visits[1]!.date];
    const instead = (await opening(summit, 20)).id;
    const moveSeries = (given?: object) => summit.post(`${path}/reschedule`, { from: date, shift: { days: 7 }, replacements: { [date]: given === undefined ? instead : { opening: instead, answers: given } } });
    const missing = await moveSeries();
    expect(missing).toMatchObject({ status: 422, body: { code: 'required-answers', date, visits: [{ date, code: 'required-answers', questions: ['bleeding'] }] } });
    const raised = await moveSeries({ bleeding: 'yes' });
    expect(raised).toMatchObject({ status: 422, body: { code: 'red-flag', date, question: 'bleeding', instruction: { en: 'Call the nurse line, 555-0100.', es: 'Llame a la enfermera, 555-0100.' } } });
    expect([missing.body['clashes'], raised.body['clashes']]).toEqual([undefined, undefined]);
    expect(await auditOf('appointment.red-flag', String(booked.body['id']))).toBe(1);
    expect((await moveSeries({ bleeding: 'no' })).status).toBe(200);
    expect((await summit.get(`/appointments/${second!.id}`)).body).toMatchObject({ answers: { bleeding: 'no' } });
  });

  test('a visit moves with its answers, and to another visit type only where that asks nothing', async () => {
    const [item, later] = [await opening(summit), await opening(summit, 30)];
    const booked = await summit.post('/appointments', { opening: item.id, patient: await patient(summit), answers: { bleeding: 'no' } });
    expect((await summit.post(`/appointments/${String(booked.body['id'])}/reschedule`, { opening: later.id })).status).toBe(200);
    expect((await summit.get(`/appointments/${String(booked.body['id'])}`)).body).toMatchObject({ answers: { bleeding: 'no' } });
    const skin = (await summit.openings(`service=skin-check&practice=summit&from=${scheduling.inDays(6)}&to=${scheduling.inDays(12)}`))[0]!;
    const other = await summit.post('/appointments', { opening: skin.id, patient: await patient(summit) });
    expect(other.status).toBe(201);
    expect(await summit.post(`/appointments/${String(other.body['id'])}/reschedule`, { opening: (await opening(summit, 40)).id })).toMatchObject({ status: 422, body: { code: 'required-answers', detail: expect.stringMatching(/move it with the answers.*\/appointments\/\{id\}\/reschedule/) } });
  });

  /** Each way to a visit; what it says where the answer is a red flag, and on what the audit row stands. */
  const ways: readonly (readonly [string, (desk: Desk, who: string, item: OpeningItem) => Promise<HttpResult>])[] = [
    ['booking an opening', (desk, who, item) => desk.post('/appointments', { opening: item.id, patient: who, answers: { bleeding: 'yes' } })],
    ['booking with a key that is repeated', async (desk, who, item) => {
      const again = () => desk.post('/appointments', { opening: item.id, patient: who, answers: { bleeding: true } }, { 'idempotency-key': `flag-${who}` });
      const [first, second] = [await again(), await again()];
      expect(second.body).toEqual(first.body);
      return first;
    }],
    ['booking a hold', async (desk, who, item) => {
      const hold = await desk.post('/holds', { opening: item.id });
      expect(hold.status).toBe(201);
      const answer = await desk.post('/appointments', { hold: hold.body['id'], patient: who, answers: { bleeding: 'yes' } });
      // Nothing is left half done: the hold is still the desk's to release, and the time is open then.
      expect((await desk.call('DELETE', `/holds/${String(hold.body['id'])}`)).status).toBe(204);
      return answer;
    }],
    ['the wait list', (desk, who) => desk.post('/waitlist-entries', { patient: who, service: 'dermatology-consult', answers: { [visitType]: { bleeding: 'yes' } } })],
  ];
  describe.each(both)('towards %s', (_name, deskOf) => {
    test.each(ways)('a red flag stops %s, shows the instruction in both languages, is audited, and leaves nothing behind', async (_way, take) => {
      const desk = deskOf();
      const [who, item] = [await patient(desk), await opening(desk, 5)];
      const answer = await take(desk, who, item);
      expect(answer).toMatchObject({ status: 422, body: { code: 'red-flag', question: 'bleeding', instruction: { en: 'Call the nurse line, 555-0100.', es: 'Llame a la enfermera, 555-0100.' } } });
      expect(await auditOf('appointment.red-flag', who)).toBeGreaterThan(0);
      const [left] = await scheduling.sql<{ n: string }>('SELECT (SELECT count(*) FROM appointment WHERE $1::uuid IN (patient_id, booking_patient_id)) + (SELECT count(*) FROM waitlist_entry WHERE patient_id = $1) + (SELECT count(*) FROM disclosure WHERE patient_id = $1) AS n', [who]);
      expect(Number(left!.n)).toBe(0);
      expect((await search(desk)).items.map(({ id }) => id)).toContain(item.id);
    });
  });

  test('FHIR $book has no place for answers: it says so and how to book, and cannot pass a red flag by', async () => {
    const [who, item] = [await patient(harbor), await opening(harbor, 6)];
    const refused = await fhirBook('harbor', [{ name: 'appt-id', valueString: item.id }, { name: 'patient-id', valueReference: { reference: `Patient/${who}` } }]);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('"required-answers"');
    expect(refused.text).toContain('POST /api/scheduling/v1/appointments');
  });
});
