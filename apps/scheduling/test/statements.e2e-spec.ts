import { StatementApproved, StatementDisputed, StatementFinal, StatementMade, StatementWithdrawn } from '@slotmesh/contracts';
import { type NeighbourEvents, eventually, neighbourEvents } from '@slotmesh/testing';
import { Client } from 'pg';
import { type Desk, type HttpResult, RunningScheduling } from './running-scheduling';

let scheduling: RunningScheduling;
let events: NeighbourEvents;
let agreement: string;
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;

/** Firsts of months, the money terms begin with the first. */
let months: string[];
const period = (month: number): string => months[month]!.slice(0, 7);
const firstAfter = (months: number): string => {
  const now = new Date(scheduling.now());
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
};
const moveTo = (date: string): void => void scheduling.clock.moveTo(Math.max(scheduling.clock.offset, Date.parse(`${date}T12:00:00Z`) - Date.now()));

const sha256 = 'a'.repeat(64);
const fmv = (expires = '2099-12-31') => ({ document: 'FMV opinion', sha256, dated: '2026-01-15', expires });
const invoice = (document = 'Invoice 1') => ({ document, sha256, dated: months[0]! });
const licences = { id: 'licences', name: 'Licences', yearlyBudgetCents: 500_000, method: 'equal' };
const phone = { id: 'phone', name: 'Phone line', yearlyBudgetCents: 300_000, method: 'provider-fte', fte: [{ practice: 'harbor', hundredths: 600 }, { practice: 'summit', hundredths: 300 }], evidence: fmv() };
const rooms = { id: 'rooms', name: 'Room hours', yearlyBudgetCents: 3_000_000, method: 'contracted-hours', providedBy: 'harbor', hours: [{ practice: 'harbor', minutesPerPeriod: 0, centsPerHour: 5_000 }, { practice: 'summit', minutesPerPeriod: 2_400, centsPerHour: 5_000 }], evidence: fmv() };
const desk = { id: 'desk', name: 'Shared desk', yearlyBudgetCents: 600_000, method: 'fixed', providedBy: 'summit', amounts: [{ practice: 'harbor', centsPerPeriod: 30_000 }, { practice: 'summit', centsPerPeriod: 20_000 }], evidence: fmv() };
const money = (more: object = {}): object => ({ parties: ['harbor', 'summit'], zone: 'America/New_York', from: months[0], until: months[12], period: 'month', costs: [licences, phone, rooms, desk], ...more });
const terms = (more: object = {}, effectiveFrom = scheduling.inDays(1)): object => ({ name: 'Shared costs', practices: ['harbor', 'summit'], effectiveFrom, rules: [], money: money(more) });

/** From draft to signed by everybody. */
async function agree(given: object, id: string | null = null): Promise<{ id: string; version: number }> {
  const drafted = await who('manager@harbor').post(id === null ? '/agreements' : `/agreements/${id}/versions`, given);
  expect(drafted).toMatchObject({ status: 201, body: { status: 'draft' } });
  const [made, version] = [id ?? String(drafted.body['id']), Number(drafted.body['version'])];
  expect(await who('manager@harbor').post(`/agreements/${made}/propose`, { version })).toMatchObject({ status: 200 });
  const { body } = await who('manager@harbor').get(`/agreements/${made}/versions/${version}`);
  for (const by of ['owner@harbor', 'manager@summit', 'owner@summit']) expect(await who(by).post(`/agreements/${made}/approve`, { version, hash: body['hash'] })).toMatchObject({ status: 200 });
  return { id: made, version };
}
const inForce = (id: string, version: number) => eventually(`version ${version} is in force`, async () => (await who('manager@harbor').get(`/agreements/${id}/versions/${version}`)).body['status'] === 'in-force');

const record = (by: string, month: number, more: object = {}, headers: Record<string, string> = {}): Promise<HttpResult> => who(by).post('/shared-costs', { agreement, cost: 'licences', period: period(month), amountCents: 10_001, evidence: invoice(), ...more }, headers);
const make = (by: string, month: number): Promise<HttpResult> => who(by).post('/statements', { agreement, period: period(month) });
const step = (by: string, statement: HttpResult, name: string, body: object = {}): Promise<HttpResult> => who(by).post(`/statements/${String(statement.body['id'])}/${name}`, body);
const read = (by: string, statement: HttpResult, part = ''): Promise<HttpResult> => who(by).get(`/statements/${String(statement.body['id'])}${part}`);
const linesOf = (statement: HttpResult): string[] => (statement.body['inputs'] as unknown as { lines: { id: string }[] }).lines.map(({ id }) => id);
const heardOf = (statement: HttpResult): string[] => [StatementMade, StatementApproved, StatementDisputed, StatementWithdrawn, StatementFinal]
  .flatMap((definition) => events.gathered<typeof StatementMade | typeof StatementFinal>(definition).map((event) => ({ ...event, fact: definition.type.split('.')[2]! }))).filter(({ key }) => key === statement.body['id']).sort((a, b) => a.sequence - b.sequence).map(({ fact }) => fact);
async function file(by: string, statement: HttpResult, kind: 'csv' | 'pdf'): Promise<{ type: string | null; bytes: Buffer }> {
  const response = await fetch(`${scheduling.url}/api/scheduling/v1/statements/${String(statement.body['id'])}/${kind}`, { headers: { authorization: `Bearer ${await scheduling.issuer.tokenOf(`${by}.example`)}` } });
  expect(response.status).toBe(200);
  return { type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
}

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  events = await neighbourEvents(scheduling.topics, [StatementMade, StatementApproved, StatementDisputed, StatementWithdrawn, StatementFinal]);
  for (const practice of ['harbor', 'summit', 'desert']) for (const role of ['manager', 'owner', 'frontdesk']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
  months = Array.from({ length: 26 }, (_, i) => firstAfter(2 + i));
  // What P19 takes away again: visits of harbor's patients at summit, and a referral.
  const openings = await who('frontdesk@harbor').openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(3)}&to=${scheduling.inDays(13)}&limit=100`);
  const patients = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id LIMIT 4`);
  for (const [i, patient] of patients.entries()) expect((await who('frontdesk@harbor').post('/appointments', { opening: openings[i * 12]!.id, patient: patient.id })).status).toBe(201);
  expect((await who('frontdesk@harbor').post('/referrals', { patient: patients[0]!.id, to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'A mole' })).status).toBe(201);
  const agreed = await agree(terms());
  agreement = agreed.id;
  moveTo(months[0]!);
  await inForce(agreement, 1);
});
afterAll(async () => {
  await events?.stop();
  await scheduling?.stop();
});

describe('what an agreement says about money', () => {
  test.each(['profit', 'referrals', 'bookings', 'revenue'])('P19: costs are not shared by %s, and the refusal says why', async (method) => {
    const refused = await who('manager@harbor').post('/agreements', terms({ costs: [{ ...licences, method }] }));
    expect(refused).toMatchObject({ status: 422, body: { code: 'allocation-not-allowed', detail: expect.stringContaining('42 USC 1320a-7b(b)'), allowed: ['equal', 'provider-fte', 'contracted-hours', 'fixed'] } });
  });

  test('lasts a year, names every party, and is fixed in advance', async () => {
    expect(await who('manager@harbor').post('/agreements', terms({ until: months[11] }))).toMatchObject({ status: 400, body: { code: 'invalid-request', detail: expect.stringContaining('365 days') } });
    expect(await who('manager@harbor').post('/agreements', terms({ costs: [{ ...desk, amounts: [{ practice: 'harbor', centsPerPeriod: 1 }] }] }))).toMatchObject({ status: 400, body: { detail: expect.stringContaining('leaves out summit') } });
    for (const [more, code] of [[{ parties: ['harbor', 'desert'], costs: [licences] }, 'money-terms-parties'], [{ from: months[0], until: months[12] }, 'money-terms-too-late']] as const) {
      const drafted = await who('manager@harbor').post('/agreements', terms(more));
      expect(await who('manager@harbor').post(`/agreements/${String(drafted.body['id'])}/propose`, { version: 1 })).toMatchObject({ status: 422, body: { code } });
    }
  });

  test('is not repriced while it runs: an amendment may renew evidence, and set prices from its end', async () => {
    const dearer = { ...desk, yearlyBudgetCents: 9_000_000, amounts: [{ practice: 'harbor', centsPerPeriod: 60_000 }, { practice: 'summit', centsPerPeriod: 20_000 }] };
    const drafted = await who('manager@harbor').post(`/agreements/${agreement}/versions`, terms());
    expect(drafted.status).toBe(201);
    const version = Number(drafted.body['version']);
    for (const more of [{ costs: [licences, phone, rooms, dearer] }, { from: months[1], until: months[13] }]) {
      expect(await who('manager@harbor').call('PUT', `/agreements/${agreement}/versions/${version}`, terms(more))).toMatchObject({ status: 200 });
      expect(await who('manager@harbor').post(`/agreements/${agreement}/propose`, { version })).toMatchObject({ status: 409, body: { code: 'money-terms-run', until: months[12] } });
    }
    const { money: _, ...without } = terms() as { money: object };
    expect((await who('manager@harbor').call('PUT', `/agreements/${agreement}/versions/${version}`, without)).status).toBe(200);
    expect(await who('manager@harbor').post(`/agreements/${agreement}/propose`, { version })).toMatchObject({ status: 409, body: { code: 'money-terms-run' } });
  });
});

describe('shared costs', () => {
  test('are recorded by the practice that paid, for what the agreement shares, within its budget', async () => {
    const recorded = await record('manager@harbor', 0);
    expect(recorded).toMatchObject({ status: 201, body: { paidBy: 'harbor', amountCents: 10_001, period: period(0), statedIn: period(0), corrects: null, recordedBy: 'manager@harbor.example', evidence: invoice() } });
    expect((await who('frontdesk@summit').get(`/shared-costs/${String(recorded.body['id'])}`)).body).toEqual(recorded.body);
    expect(await record('frontdesk@harbor', 0)).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
    expect(await record('manager@desert', 0)).toMatchObject({ status: 404, body: { code: 'agreement-unknown' } });
    expect((await who('manager@desert').get(`/shared-costs/${String(recorded.body['id'])}`)).status).toBe(404);
    expect((await who('manager@desert').get('/shared-costs')).body).toEqual({ items: [], nextCursor: null });
    expect(await record('manager@harbor', 0, { cost: 'coffee' })).toMatchObject({ status: 422, body: { code: 'cost-unknown', known: ['desk', 'licences', 'phone', 'rooms'] } });
    expect(await record('manager@harbor', 0, { cost: 'rooms' })).toMatchObject({ status: 422, body: { code: 'cost-is-agreed' } });
    expect(await record('manager@harbor', 0, { amountCents: 489_999 + 1 })).toMatchObject({ status: 422, body: { code: 'over-budget', leftCents: 489_999 } });
    expect(await record('manager@harbor', 6)).toMatchObject({ status: 422, body: { code: 'period-not-begun' } });
    expect(await record('manager@harbor', 13)).toMatchObject({ status: 422, body: { code: 'no-money-terms' } });
    expect(await who('manager@harbor').post('/shared-costs', { agreement, cost: 'licences', period: period(0), amountCents: 1, evidence: invoice(), perBooking: 5 })).toMatchObject({ status: 400 });
    const refusals = await scheduling.sql<{ code: string }>(`SELECT details->>'code' AS code FROM audit_entry WHERE action = 'access.refused' AND actor_subject = 'manager@desert.example'`);
    expect(refusals.map(({ code }) => code)).toContain('agreement-unknown');
  });

  test('P4: the same Idempotency-Key records once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => record('manager@summit', 0, { cost: 'phone', amountCents: 20_000 }, { 'idempotency-key': 'phone-1' })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['id'])}`)).size).toBe(1);
  });

  test('are corrected by a further line with a reason, by who paid, and never changed', async () => {
    const first = await record('manager@harbor', 0, { amountCents: 5_000 });
    const path = `/shared-costs/${String(first.body['id'])}/correct`;
    const right = { amountCents: 4_000, reason: 'a licence too many', evidence: invoice('Credit note 3') };
    expect(await who('manager@summit').post(path, right)).toMatchObject({ status: 403, body: { code: 'payer-corrects' } });
    const corrected = await who('manager@harbor').post(path, right);
    expect(corrected).toMatchObject({ status: 201, body: { amountCents: -1_000, corrects: first.body['id'], reason: 'a licence too many', statedIn: period(0) } });
    expect(await who('manager@harbor').post(path, right)).toMatchObject({ status: 409, body: { code: 'nothing-to-correct' } });
    expect(await who('manager@harbor').post(`/shared-costs/${String(corrected.body['id'])}/correct`, right)).toMatchObject({ status: 422, body: { code: 'correct-the-first' } });
    expect((await who('manager@harbor').post(path, { ...right, amountCents: 0 })).body).toMatchObject({ amountCents: -4_000 });
    expect((await who('manager@harbor').get(`/shared-costs/${String(first.body['id'])}`)).body).toEqual(first.body);
    const worker = new Client({ connectionString: scheduling.database.workerUrl });
    await worker.connect();
    for (const sql of ['UPDATE shared_cost SET amount_cents = 1', 'DELETE FROM shared_cost', `UPDATE cost_statement SET result = '{}'`, 'DELETE FROM cost_statement']) await expect(worker.query(sql)).rejects.toThrow('permission denied');
    await worker.end();
  });

  test('never go over the yearly budget, however many are recorded at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => record(i % 2 ? 'manager@harbor' : 'manager@summit', 0, { cost: 'phone', amountCents: 40_000 })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(answers.filter(({ body }) => body['code'] === 'over-budget')).toHaveLength(5);
  });
});

describe('a statement', () => {
  let statement: HttpResult;

  test('is made when its period is over, divides every cost to the cent, and is final once every party approved', async () => {
    expect(await make('manager@harbor', 0)).toMatchObject({ status: 422, body: { code: 'period-not-over', ends: months[1] } });
    moveTo(months[2]!);
    expect((await make('manager@desert', 0)).status).toBe(404);
    statement = await make('manager@harbor', 0);
    expect(statement).toMatchObject({ status: 201, body: { state: 'drafted', period: period(0), agreementVersion: 1, madeFor: 'harbor', awaits: ['harbor', 'summit'] } });
    // Licences: harbor paid 100.01, two halves; phone: 3000.00 (20 000 + 7 x 40 000), six to three; rooms: 40 h at 50.00; desk: 500.00.
    expect(statement.body['result']).toMatchObject({
      costs: [
        { cost: 'desk', total: 50_000, shares: [{ practice: 'harbor', amount: 30_000 }, { practice: 'summit', amount: 20_000 }] }, { cost: 'licences', total: 10_001, shares: [{ practice: 'harbor', amount: 5_001 }, { practice: 'summit', amount: 5_000 }] },
        { cost: 'phone', total: 300_000, shares: [{ practice: 'harbor', amount: 200_000 }, { practice: 'summit', amount: 100_000 }] }, { cost: 'rooms', total: 200_000, shares: [{ practice: 'harbor', amount: 0 }, { practice: 'summit', amount: 200_000 }] },
      ],
    });
    const { parties, transfers } = statement.body['result'] as unknown as { parties: { net: number }[]; transfers: { amount: number }[] };
    expect(parties.reduce((sum, { net }) => sum + net, 0)).toBe(0);
    expect(transfers).toEqual([expect.objectContaining({ amount: Math.abs(parties[0]!.net) })]);
    expect(await make('owner@summit', 0)).toMatchObject({ status: 409, body: { code: 'statement-stands', statement: statement.body['id'] } });

    expect(await step('manager@harbor', statement, 'approve')).toMatchObject({ status: 403, body: { code: 'maker-does-not-approve' } });
    expect(await step('frontdesk@summit', statement, 'approve')).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
    expect((await step('owner@desert', statement, 'approve')).status).toBe(404);
    expect(await step('owner@harbor', statement, 'approve')).toMatchObject({ status: 200, body: { state: 'drafted', awaits: ['summit'] } });
    expect(await step('manager@summit', statement, 'dispute', { reason: 'the phone bill is of another month' })).toMatchObject({ status: 200, body: { state: 'disputed', awaits: ['summit'] } });
    expect((await read('manager@harbor', statement)).body).toMatchObject({ state: 'disputed', verdicts: [{ practice: 'harbor', verdict: 'approved' }, { practice: 'summit', verdict: 'disputed', reason: 'the phone bill is of another month' }] });
    expect(await step('owner@summit', statement, 'approve')).toMatchObject({ status: 200, body: { state: 'final', awaits: [], finalAt: expect.any(String) } });
    for (const name of ['approve', 'dispute']) expect(await step('manager@summit', statement, name, name === 'approve' ? {} : { reason: 'too late now' })).toMatchObject({ status: 409, body: { code: 'statement-over' } });
    expect(await step('manager@harbor', statement, 'withdraw', { reason: 'too late now' })).toMatchObject({ status: 409 });
    await eventually('the events', () => heardOf(statement).length === 5);
    expect(heardOf(statement)).toEqual(['made', 'approved', 'disputed', 'approved', 'final']);
    const audited = await scheduling.sql<{ action: string }>('SELECT action FROM audit_entry WHERE entity_id = $1 ORDER BY at, id', [statement.body['id']]);
    expect(audited.map(({ action }) => action)).toEqual(['statement.made', 'statement.approved', 'statement.disputed', 'statement.approved']);
  });

  test('is read by its parties as JSON, CSV and PDF, and by nobody else', async () => {
    const csv = await file('frontdesk@summit', statement, 'csv');
    expect(csv.type).toBe('text/csv; charset=utf-8');
    const rows = csv.bytes.toString().trim().split('\r\n').slice(1).map((line) => line.split(','));
    expect(rows.filter((row) => row[6] === 'net').reduce((sum, row) => sum + Number(row[12]), 0)).toBe(0);
    expect(rows.filter((row) => row[6] === 'share').map((row) => Number(row[12])).sort((a, b) => a - b)).toEqual([0, 5_000, 5_001, 20_000, 30_000, 100_000, 200_000, 200_000]);
    const pdf = await file('manager@harbor', statement, 'pdf');
    expect([pdf.type, pdf.bytes.subarray(0, 5).toString(), pdf.bytes.subarray(-6).toString().trim()]).toEqual(['application/pdf', '%PDF-', '%%EOF']);
    for (const part of ['', '/csv', '/pdf', '/verification']) expect((await read('manager@desert', statement, part)).status).toBe(404);
    expect((await who('manager@summit').get(`/statements?agreement=${agreement}&state=final`)).body).toMatchObject({ items: [{ id: statement.body['id'], own: { net: expect.any(Number) } }], nextCursor: null });
    expect((await who('manager@desert').get('/statements')).body).toEqual({ items: [], nextCursor: null });
  });

  test('does not change when a cost comes late: that enters the next one', async () => {
    const late = await record('manager@harbor', 0, { amountCents: 7_777 });
    expect(late).toMatchObject({ status: 201, body: { period: period(0), statedIn: period(1) } });
    expect((await read('manager@harbor', statement, '/verification')).body).toMatchObject({ same: true });
    const next = await make('manager@summit', 1);
    expect(linesOf(next)).toEqual([late.body['id']]);
    expect((await who('manager@harbor').get(`/shared-costs?agreement=${agreement}&period=${period(1)}`)).body).toMatchObject({ items: [{ id: late.body['id'] }] });

    expect(await step('manager@harbor', next, 'withdraw', { reason: 'not ours to take back' })).toMatchObject({ status: 403, body: { code: 'maker-withdraws' } });
    const missed = await record('manager@harbor', 1, { amountCents: 10 });
    expect(missed.body['statedIn']).toBe(period(2));
    expect(await step('owner@summit', next, 'withdraw', { reason: 'an invoice was missing' })).toMatchObject({ status: 200, body: { state: 'withdrawn', withdrawal: { because: 'an invoice was missing' } } });
    expect((await record('manager@harbor', 1, { amountCents: 20 })).body['statedIn']).toBe(period(1));
    expect((await read('manager@harbor', next, '/verification')).status).toBe(409);
    const again = await make('manager@harbor', 1);
    expect(linesOf(again)).toHaveLength(2);
    expect(again.body['inputsHash']).not.toBe(next.body['inputsHash']);
  });

  test('and the costs of its period: each line is in exactly one statement, whoever comes first; of many that make it one does', async () => {
    moveTo(months[4]!);
    for (const month of [2, 3]) {
      const makers = ['manager@harbor', 'owner@harbor', 'manager@summit'];
      const answers = await Promise.all(Array.from({ length: 17 }, (_, i) => (i % 6 === 2 ? make(makers[(i - 2) / 6]!, month) : record(i % 2 ? 'manager@harbor' : 'manager@summit', month, { amountCents: 100 + i }))));
      const made = answers.filter(({ body }) => 'inputsHash' in body);
      expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual([]);
      expect(made).toHaveLength(1);
      const { items } = (await who('manager@harbor').get(`/shared-costs?agreement=${agreement}&period=${period(month)}&limit=200`)).body as unknown as { items: { id: string }[] };
      expect(linesOf(made[0]!)).toEqual(items.map(({ id }) => id));
      expect((await read('manager@summit', made[0]!, '/verification')).body).toMatchObject({ same: true });
      const both = await Promise.all(['owner@harbor', 'owner@summit', 'manager@harbor', 'manager@summit'].filter((by) => `${by}.example` !== made[0]!.body['madeBy']).map((by) => step(by, made[0]!, 'approve')));
      expect(new Set(both.map(({ status }) => status)).has(500)).toBe(false);
      expect((await read('manager@harbor', made[0]!)).body).toMatchObject({ state: 'final' });
      await eventually('the end', () => heardOf(made[0]!).includes('final'));
      expect(heardOf(made[0]!).filter((fact) => fact === 'final')).toHaveLength(1);
    }
  });

  test('P19: take every visit, referral and booked minute away, and no statement changes by a cent, nor by a byte', async () => {
    const all = async (): Promise<Record<string, string>> => {
      const { items } = (await who('manager@summit').get(`/statements?agreement=${agreement}&limit=200`)).body as unknown as { items: { id: string }[] };
      const shown: Record<string, string> = {};
      for (const { id } of items) {
        const found = await who('manager@summit').get(`/statements/${id}`);
        shown[id] = JSON.stringify(found.body);
        for (const kind of ['csv', 'pdf'] as const) shown[`${id}/${kind}`] = (await file('manager@summit', found, kind)).bytes.toString('base64');
        if (found.body['state'] !== 'withdrawn') shown[`${id}/verification`] = JSON.stringify((await read('manager@summit', found, '/verification')).body);
      }
      return shown;
    };
    const before = await all();
    expect(Object.keys(before).length).toBeGreaterThan(12);
    expect(Number((await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM appointment WHERE host_id = 'summit' AND booking_id = 'harbor'`))[0]!.n)).toBe(4);
    const fresh = await make('manager@harbor', 4).then(async (refused) => (expect(refused.status).toBe(422), moveTo(months[5]!), make('manager@harbor', 4)));
    expect(fresh.status).toBe(201);
    const kept = await all();
    await scheduling.sql('TRUNCATE appointment, referral, hold, occupancy, person_time, quota_use, waitlist_entry CASCADE');
    expect(await all()).toEqual(kept);
    expect((await read('manager@harbor', fresh, '/verification')).body).toMatchObject({ same: true });
    await step('manager@harbor', fresh, 'withdraw', { reason: 'to make it once more' });
    const again = await make('manager@harbor', 4);
    expect([again.body['inputsHash'], again.body['resultHash'], again.body['result']]).toEqual([fresh.body['inputsHash'], fresh.body['resultHash'], fresh.body['result']]);
  });

  test('says so when what it rests on is not what was kept', async () => {
    const [line] = await scheduling.sql<{ id: string }>(`UPDATE shared_cost SET amount_cents = amount_cents + 1 WHERE id = (SELECT id FROM shared_cost WHERE stated_in = $1 ORDER BY id LIMIT 1) RETURNING id`, [period(0)]);
    expect((await read('manager@harbor', statement, '/verification')).body).toMatchObject({ same: false });
    await scheduling.sql('UPDATE shared_cost SET amount_cents = amount_cents - 1 WHERE id = $1', [line!.id]);
    expect((await read('manager@harbor', statement, '/verification')).body).toMatchObject({ same: true });
  });

  test('is not made on evidence that ran out; renewed evidence is an amendment that leaves prices alone', async () => {
    const short = await agree(terms({ from: months[7], until: months[19], costs: [{ ...desk, evidence: fmv(months[7]) }] }));
    moveTo(months[8]!);
    await inForce(short.id, 1);
    const ask = () => who('manager@summit').post('/statements', { agreement: short.id, period: period(7) });
    expect(await ask()).toMatchObject({ status: 422, body: { code: 'evidence-expired', cost: 'desk' } });
    const renewed = terms({ from: months[7], until: months[19], costs: [{ ...desk, evidence: fmv() }] });
    const { version } = await agree(renewed, short.id);
    moveTo(months[9]!);
    await inForce(short.id, version);
    expect(await ask()).toMatchObject({ status: 201, body: { agreementVersion: 2, result: { costs: [{ cost: 'desk', total: 50_000 }] } } });
  });
});
