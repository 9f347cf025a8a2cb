import { DAY } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { Desk, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let harborManager: Desk;
let summit: Desk;
let desert: Desk;
let patients: string[];

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, harborManager, summit, desert] = await Promise.all(['frontdesk@harbor.example', 'manager@harbor.example', 'frontdesk@summit.example', 'frontdesk@desert.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
  patients = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id`)).map((row) => row.id);
});
afterAll(async () => scheduling.stop());

let used = 0;
const patient = (): string => patients[used++ % patients.length]!;
const dermatology = (days = 3): Promise<OpeningItem[]> => harbor.openings(`service=dermatology-consult&from=${scheduling.inDays(days)}&to=${scheduling.inDays(days + 10)}&limit=100`);
const overlaps = async (): Promise<number> => {
  return (await scheduling.sql(TAKEN_TWICE)).length;
};

describe('the main job over HTTP', () => {
  test("P7: harbor's desk finds, holds and books summit's opening, and the host keeps its own record", async () => {
    const [opening] = await dermatology();
    expect(opening).toMatchObject({ practice: 'summit', zone: 'America/Denver', bookable: 'hold' });
    const hold = await harbor.post('/holds', { opening: opening!.id });
    expect(hold.status).toBe(201);
    const booked = await harbor.post('/appointments', { hold: hold.body['id'], patient: patient() });
    expect(booked).toMatchObject({ status: 201, body: { status: 'booked', host: 'summit', booking: 'harbor', revision: 1, start: opening!.start } });
    const atHost = await summit.get(`/appointments/${String(booked.body['id'])}`);
    expect(atHost.status).toBe(200);
    expect(atHost.body['patient']).not.toBe(booked.body['patient']);
    expect((await desert.get(`/appointments/${String(booked.body['id'])}`)).status).toBe(404);
    expect((await dermatology()).map((item) => item.id)).not.toContain(opening!.id);
  });

  test('P5: what search showed and somebody else took meanwhile is 409 with fresh alternatives', async () => {
    const [opening] = await dermatology();
    expect((await summit.post('/holds', { opening: opening!.id })).status).toBe(201);
    const refused = await harbor.post('/holds', { opening: opening!.id });
    expect(refused).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    const alternatives = refused.body['alternatives'] as unknown as OpeningItem[];
    expect(alternatives.length).toBeGreaterThan(0);
    expect((await harbor.post('/holds', { opening: alternatives[0]!.id })).status).toBe(201);
  });

  test('an opening that nobody ever published is 404, a made-up id too', async () => {
    const [opening] = await dermatology();
    const elsewhen = `${opening!.id.slice(0, -1)}${opening!.id.endsWith('0') ? '1' : '0'}`;
    expect((await harbor.post('/holds', { opening: elsewhen })).status).toBe(404);
    expect((await harbor.post('/holds', { opening: 'nonsense' })).status).toBe(404);
    expect(await harbor.post('/holds', { opening: 'no such id!' })).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ pointer: '/opening' }] } });
  });

  test('P7: lakeside is in no partnership and sees and holds nothing of the network', async () => {
    const lakeside = await scheduling.desk('frontdesk@lakeside.example');
    const [opening] = await dermatology();
    expect(await lakeside.openings('service=dermatology-consult')).toEqual([]);
    expect((await lakeside.post('/holds', { opening: opening!.id })).status).toBe(404);
  });
});

describe('under concurrency', () => {
  test('P1: of 200 simultaneous holds of one opening by one desk exactly one succeeds and 199 are 409', async () => {
    for (let round = 0; round < 3; round += 1) {
      const opening = (await dermatology(4 + round))[0]!;
      const answers = await Promise.all(Array.from({ length: 200 }, () => harbor.post('/holds', { opening: opening.id })));
      const counts = new Map<number, number>();
      for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
      expect(Object.fromEntries(counts)).toEqual({ 201: 1, 409: 199 });
    }
    expect(await overlaps()).toBe(0);
  });

  test('P4: 20 simultaneous twins with one Idempotency-Key give one booking and one answer; another payload is 422', async () => {
    const opening = (await dermatology(8))[0]!;
    const who = patient();
    const answers = await Promise.all(Array.from({ length: 20 }, () => harbor.post('/appointments', { opening: opening.id, patient: who }, { 'idempotency-key': '"one-and-only"' })));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => answer.body['id'])).size).toBe(1);
    const other = await harbor.post('/appointments', { opening: opening.id, patient: patient() }, { 'idempotency-key': '"one-and-only"' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    const refusal = await harbor.post('/holds', { opening: opening.id }, { 'idempotency-key': 'refused-once' });
    expect(refusal.status).toBe(409);
    expect(await harbor.post('/holds', { opening: opening.id }, { 'idempotency-key': 'refused-once' })).toMatchObject({ status: 409, body: refusal.body });
  });

  test('P2: visits that want to swap times never deadlock and never overlap; each is at one of the two times', async () => {
    const list = await dermatology(10);
    const first = list[0]!;
    const second = list.find((item) => item.provider.id === first.provider.id && item.start >= first.end)!;
    const a = await harbor.post('/appointments', { opening: first.id, patient: patient() });
    const b = await harbor.post('/appointments', { opening: second.id, patient: patient() });
    expect([a.status, b.status]).toEqual([201, 201]);
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all([harbor.post(`/appointments/${String(a.body['id'])}/reschedule`, { opening: second.id }), harbor.post(`/appointments/${String(b.body['id'])}/reschedule`, { opening: first.id })]);
      for (const { status } of answers) expect([200, 409]).toContain(status);
    }
    expect(await overlaps()).toBe(0);
  });

  test('P1: two-resource visits taken from many sides at once never share a room or a device', async () => {
    const echoes = (await harbor.openings(`service=echo&from=${scheduling.inDays(3)}&to=${scheduling.inDays(10)}&limit=40`)).filter((item) => item.practice === 'desert');
    expect(echoes.length).toBeGreaterThan(5);
    const answers = await Promise.all(echoes.flatMap((item) => [harbor.post('/holds', { opening: item.id }), summit.post('/holds', { opening: item.id }), desert.post('/holds', { opening: item.id })]));
    for (const { status, body } of answers) expect([status, body['code']]).toEqual(status === 201 ? [201, undefined] : [409, 'opening-taken']);
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    expect(await overlaps()).toBe(0);
  });
});

describe('holds', () => {
  test('P3: only its holder can book a hold, and only once', async () => {
    const opening = (await dermatology(5))[3]!;
    const hold = await harbor.post('/holds', { opening: opening.id });
    const body = { hold: hold.body['id'], patient: patient() };
    expect(await harborManager.post('/appointments', body)).toMatchObject({ status: 404, body: { code: 'hold-unknown' } });
    expect((await harbor.post('/appointments', body)).status).toBe(201);
    expect(await harbor.post('/appointments', { ...body, patient: patient() })).toMatchObject({ status: 409, body: { code: 'hold-ended' } });
  });

  test('P3: a hold past its time does not stand in the way, ends exactly once and can no longer be booked', async () => {
    const opening = (await dermatology(6))[2]!;
    const hold = await harbor.post('/holds', { opening: opening.id });
    scheduling.clock.moveTo(scheduling.clock.offset + 6 * 60_000);
    const again = await Promise.all([summit, harborManager, summit].map((desk) => desk.post('/holds', { opening: opening.id })));
    expect(again.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await harbor.post('/appointments', { hold: hold.body['id'], patient: patient() })).toMatchObject({ status: 409, body: { code: 'hold-ended' } });
    const [row] = await scheduling.sql<{ state: string }>('SELECT state FROM hold WHERE id = $1', [hold.body['id']]);
    expect(row!.state).toBe('expired');
  });
});

describe('one person', () => {
  test('P8: is not booked twice at overlapping times in the network; a permission and a reason go past it', async () => {
    const who = patient();
    const others = (await Promise.all(['primary-care-visit&practice=harbor', 'cardiology-consult&practice=desert'].map((service) => harbor.openings(`service=${service}&from=${scheduling.inDays(7)}&to=${scheduling.inDays(17)}&limit=100`)))).flat();
    const besideOf = (one: OpeningItem) => others.find((item) => item.start < one.end && one.start < item.end);
    // Why looked for: at which hours the practices are open together depends on the hour of the test.
    const opening = (await dermatology(7)).find((item) => besideOf(item) !== undefined)!;
    const same = besideOf(opening);
    expect((await harbor.post('/appointments', { opening: opening.id, patient: who })).status).toBe(201);
    expect(same).toBeDefined();
    expect(await harbor.post('/appointments', { opening: same!.id, patient: who })).toMatchObject({ status: 409, body: { code: 'another-visit-then' } });
    expect((await harbor.openings(`service=${same!.service}&practice=${same!.practice}&from=${same!.start}&to=${scheduling.inDays(30)}&patient=${who}`)).filter((item) => item.start < opening.end && opening.start < item.end)).toEqual([]);
    expect((await harbor.post('/appointments', { opening: same!.id, patient: who, override: { reason: 'the patient asked for both' } })).status).toBe(403);
    expect((await harborManager.post('/appointments', { opening: same!.id, patient: who, override: { reason: 'the patient asked for both' } })).status).toBe(201);
  });
});

describe('one person, asked about too often', () => {
  test('P8: each "another visit then" is audited, and a desk that collects them is stopped for an hour', async () => {
    const clinic = await scheduling.desk('manager@summit.example');
    const [who] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'summit' ORDER BY registered_at, id LIMIT 1`);
    const times = await clinic.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(12)}&to=${scheduling.inDays(20)}&limit=100`);
    const besideOf = (one: OpeningItem) => times.find((item) => item.provider.id !== one.provider.id && item.start < one.end && one.start < item.end);
    const first = times.find((item) => besideOf(item) !== undefined)!;
    const beside = besideOf(first)!;
    const booked = await clinic.post('/appointments', { opening: first.id, patient: who!.id });
    expect(booked.status).toBe(201);
    const answers: number[] = [];
    for (let attempt = 0; attempt < 21; attempt += 1) answers.push((await clinic.post('/appointments', { opening: beside.id, patient: who!.id })).status);
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 409), 429]);
    const [row] = await scheduling.sql<{ n: number }>(`SELECT count(*)::int AS n FROM audit_entry WHERE action = 'appointment.overlap-refused' AND actor_subject = 'manager@summit.example'`);
    expect(row!.n).toBe(20);
    // What tells nothing of other visits goes on: the desk has a day to run.
    const path = `/appointments/${String(booked.body['id'])}`;
    expect((await clinic.post(`${path}/reschedule`, { opening: beside.id })).status).toBe(429);
    expect([(await clinic.post(`${path}/confirm`)).status, (await clinic.post(`${path}/cancel`, { reason: 'pat' })).status]).toEqual([200, 200]);
  });

  test('P8: of 60 tries at once a desk is told no more than of 20, and nobody else is stopped', async () => {
    const clinic = await scheduling.desk('manager@desert.example');
    const [who] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'desert' ORDER BY registered_at, id LIMIT 1`);
    const times = await clinic.openings(`service=cardiology-consult&practice=desert&from=${scheduling.inDays(12)}&to=${scheduling.inDays(20)}&limit=100`);
    const besideOf = (one: OpeningItem) => times.find((item) => item.provider.id !== one.provider.id && item.start < one.end && one.start < item.end);
    const first = times.find((item) => besideOf(item) !== undefined)!;
    const beside = besideOf(first)!;
    expect((await clinic.post('/appointments', { opening: first.id, patient: who!.id })).status).toBe(201);
    const book = (desk: Desk, key?: string) => desk.post('/appointments', { opening: beside.id, patient: who!.id }, key === undefined ? {} : { 'idempotency-key': key });
    const keyOf = (index: number): string | undefined => (index % 2 === 0 ? undefined : `at once ${index}`);
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => book(clinic, keyOf(index))));
    const codes = answers.map(({ body }) => String(body['code']));
    expect([codes.filter((code) => code === 'another-visit-then').length, codes.filter((code) => code === 'too-many-overlap-refusals').length]).toEqual([20, 40]);
    // An answer that was kept back is not told by asking for it once more.
    for (const index of [1, 3, 5]) expect(await book(clinic, keyOf(index))).toMatchObject({ status: 429, body: { code: 'too-many-overlap-refusals' } });
    expect((await clinic.post('/series/preview', { rule: 'FREQ=WEEKLY;COUNT=2', opening: beside.id, patient: who!.id })).status).toBe(429);
    expect(await book(desert)).toMatchObject({ status: 409, body: { code: 'another-visit-then' } });
  });
});

describe('the life of a visit', () => {
  test('named steps only; confirm changes participation and not the revision, a move raises it, a cancelled time is free again', async () => {
    const list = await dermatology(9);
    const [first, second] = [list[1]!, list.find((item) => item.start > list[1]!.end)!];
    const booked = await harbor.post('/appointments', { opening: first.id, patient: patient() });
    const path = `/appointments/${String(booked.body['id'])}`;
    expect((await harbor.post(`${path}/confirm`)).body).toMatchObject({ participation: 'accepted', revision: 1 });
    expect((await harbor.post(`${path}/reschedule`, { opening: second.id })).body).toMatchObject({ participation: 'needs-action', revision: 2, start: second.start });
    expect((await dermatology(9)).map((item) => item.id)).toContain(first.id);
    expect(await harbor.post(`${path}/arrive`)).toMatchObject({ status: 403, body: { code: 'host-decides' } });
    expect((await summit.post(`${path}/arrive`)).body).toMatchObject({ status: 'arrived', revision: 2 });
    expect(await summit.post(`${path}/no-show`)).toMatchObject({ status: 200 });
    expect(await summit.post(`${path}/complete`)).toMatchObject({ status: 409, body: { code: 'transition-not-allowed' } });
    const other = await harbor.post('/appointments', { opening: first.id, patient: patient() });
    expect((await harbor.post(`/appointments/${String(other.body['id'])}/cancel`, { reason: 'pat' })).body).toMatchObject({ status: 'cancelled', revision: 2 });
    expect((await dermatology(9)).map((item) => item.id)).toContain(first.id);
  });

  test('If-Match refuses a change of what somebody else changed meanwhile', async () => {
    const opening = (await dermatology(5))[7]!;
    const booked = await harbor.post('/appointments', { opening: opening.id, patient: patient() });
    const path = `/appointments/${String(booked.body['id'])}`;
    const etag = (await harbor.get(path)).headers.get('etag')!;
    expect((await harbor.post(`${path}/confirm`, {}, { 'if-match': etag })).status).toBe(200);
    expect(await harbor.post(`${path}/cancel`, {}, { 'if-match': etag })).toMatchObject({ status: 412, body: { code: 'appointment-changed' } });
  });
});

describe('what is told for planning', () => {
  test('P18: of the sample partnership supply and waits are told by themselves, and the searches of a desk that found nothing are told by the hour', async () => {
    const told = (topic: string) => scheduling.sql(`SELECT key FROM event_sequence WHERE topic = $1`, [`scheduling.${topic}.v1`]);
    const dates = await scheduling.sql<{ practice_id: string; least: number }>(`SELECT practice_id, min((SELECT count(*) FROM jsonb_object_keys(stated)))::int AS least FROM supply_provider GROUP BY practice_id ORDER BY practice_id`);
    expect(dates.map(({ practice_id, least }) => [practice_id, least >= 90])).toEqual(['desert', 'harbor', 'lakeside', 'summit'].map((practice) => [practice, true]));
    expect((await told('supply')).length).toBeGreaterThan(1_000);

    const nothing = `from=${scheduling.inDays(200)}&to=${scheduling.inDays(210)}`;
    expect([await harbor.openings(`service=echo&${nothing}`), await harbor.openings(`visitType=echo&${nothing}`)]).toEqual([[], []]);
    expect((await dermatology()).length).toBeGreaterThan(0);
    expect(await scheduling.sql(`SELECT service_code AS service, sum(searches)::int AS n FROM empty_search WHERE practice_id = 'harbor' GROUP BY 1`)).toEqual([{ service: 'echo', n: 2 }]);
    scheduling.clock.moveTo(scheduling.clock.offset + DAY);
    await eventually('the hour is told and the morning looked at', async () => {
      const [{ left } = { left: 1 }] = await scheduling.sql<{ left: number }>(`SELECT (SELECT count(*) FROM empty_search WHERE NOT told AND practice_id = 'harbor')::int + (4 - (SELECT count(*) FROM access_place a JOIN practice p ON p.id = a.place WHERE a.last_day >= $1))::int AS left`, [new Date(scheduling.now() - DAY)]);
      return left === 0;
    });
    expect([(await told('search')).length > 0, (await told('access')).length >= 8]).toEqual([true, true]);
  });
});
