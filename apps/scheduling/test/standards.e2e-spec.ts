import { DAY, HOUR } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Desk, type HttpResult, RunningScheduling } from './running-scheduling';

interface Item { practice: string; measure: string; state: string; value: number | null; cases: number | null; asOf: string }

const CASES = 12;
const standards = {
  'referral-answered-hours': { limit: 48, periodDays: 91, leastCases: 11 }, 'bump-rate-percent': { limit: 20, periodDays: 91, leastCases: 11 }, 'late-withdrawal-percent': { limit: 10, periodDays: 91, leastCases: 11 },
};
let scheduling: RunningScheduling;
let agreement: string;
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;
const forward = (ms: number): void => void scheduling.clock.moveTo(scheduling.clock.offset + ms);
const items = (answer: HttpResult): Item[] => answer.body['items'] as unknown as Item[];
const of = (all: Item[], practice: string, measure: string): Item => all.find((one) => one.practice === practice && one.measure === measure)!;
const read = async (by: string, query = ''): Promise<Item[]> => items(await who(by).get(`/agreements/${agreement}/standards${query}`));

/** The seeded agreement, amended by standards, in force. */
async function agreeOnStandards(): Promise<void> {
  const { body } = await who('manager@harbor').get(`/agreements/${agreement}/versions/1`);
  const terms = { ...(body['terms'] as unknown as object), effectiveFrom: scheduling.inDays(1), standards };
  expect((await who('manager@harbor').post(`/agreements/${agreement}/versions`, terms)).status).toBe(201);
  expect((await who('manager@harbor').post(`/agreements/${agreement}/propose`, { version: 2 })).status).toBe(200);
  const hash = (await who('manager@harbor').get(`/agreements/${agreement}/versions/2`)).body['hash'];
  for (const by of ['owner@harbor', 'manager@summit', 'owner@summit', 'manager@desert', 'owner@desert']) expect((await who(by).post(`/agreements/${agreement}/approve`, { version: 2, hash })).status).toBe(200);
  forward(DAY + HOUR);
  await eventually('the standards are in force', async () => (await who('manager@harbor').get(`/agreements/${agreement}/versions/2`)).body['status'] === 'in-force');
}

async function patientsOfHarbor(): Promise<string[]> {
  return (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id LIMIT 60`)).map(({ id }) => id);
}

/** Harbor books at summit; summit calls three of the visits off and moves one, and patients call two off. */
async function visits(patients: string[]): Promise<void> {
  const booked: string[] = [];
  const open = (await Promise.all(['skin-check', 'dermatology-consult'].map((service) => who('frontdesk@harbor').openings(`service=${service}&practice=summit&from=${scheduling.inDays(1)}&to=${scheduling.inDays(14)}&limit=200`)))).flat();
  for (let i = 0; i < open.length && booked.length < CASES; i += 5) {
    const answer = await who('frontdesk@harbor').post('/appointments', { opening: open[i]!.id, patient: patients[booked.length] });
    if (answer.status === 201) booked.push(String(answer.body['id']));
  }
  expect(booked).toHaveLength(CASES);
  for (const [i, reason] of ['prov', 'prov-pers', 'maint'].entries()) expect((await who('frontdesk@summit').post(`/appointments/${booked[i]}/cancel`, { reason })).status).toBe(200);
  for (const id of booked.slice(4, 6)) expect((await who('frontdesk@harbor').post(`/appointments/${id}/cancel`, { reason: 'pat' })).status).toBe(200);
  const visit = (await who('frontdesk@summit').get(`/appointments/${booked[3]!}`)).body as unknown as { visitType: string; start: string };
  const later = await who('frontdesk@summit').openings(`visitType=${visit.visitType}&practice=summit&from=${scheduling.inDays(1)}&to=${scheduling.inDays(14)}&limit=200`);
  const moved = await who('frontdesk@summit').post(`/appointments/${booked[3]!}/reschedule`, { opening: later.findLast(({ start }) => start > visit.start)!.id });
  expect(moved.status).toBe(200);
}

/** Harbor refers to summit, which answers all but two at once; one is taken back before its answer. */
async function referrals(patients: string[]): Promise<void> {
  for (let i = 0; i <= CASES; i++) {
    const sent = await who('frontdesk@harbor').post('/referrals', { patient: patients[20 + i], to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'A spot that grows' });
    expect(sent.status).toBe(201);
    const path = `/referrals/${String(sent.body['id'])}`;
    if (i === CASES) expect((await who('frontdesk@harbor').post(`${path}/cancel`)).status).toBe(200);
    else if (i >= 2) for (const step of ['receive', 'accept']) expect((await who('frontdesk@summit').post(`${path}/${step}`)).status).toBe(200);
  }
}

beforeAll(async () => {
  // Why from nothing: the ledger is what the test puts into it.
  scheduling = await RunningScheduling.start({ fromNothing: true });
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) for (const role of ['manager', 'owner', 'frontdesk']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
  agreement = (await scheduling.sql<{ id: string }>('SELECT id FROM agreement'))[0]!.id;
});
afterAll(async () => scheduling.stop());

test('standards are measured from what happened, hide what is too few, and a breach becomes a dispute by a click alone', async () => {
  expect(await read('manager@harbor')).toEqual([]);
  await agreeOnStandards();
  const patients = await patientsOfHarbor();
  await visits(patients);
  await referrals(patients);
  // What summit offered on twelve dates, and withdrew on one of them again.
  await scheduling.sql(`WITH offered AS (SELECT gen_random_uuid() AS posting, gen_random_uuid() AS cause, $2::timestamptz AS at, ($2::timestamptz)::date + n AS day, n FROM generate_series(1, 12) AS n),
      postings AS (SELECT posting, cause, at, day, 1 AS step, 'capacity' AS origin, 'pool' AS target, 100 AS minutes FROM offered UNION ALL SELECT gen_random_uuid(), cause, at, day, 2, 'pool', 'withdrawn-late', 60 FROM offered WHERE n = 1)
    INSERT INTO ledger_line (posting_id, side, agreement_id, practice_id, account, minutes, host_id, day, at, cause_kind, cause_id, step, part)
      SELECT posting, side, $1, 'summit', CASE side WHEN -1 THEN origin ELSE target END, side * minutes, 'summit', day, at, 'shared-day', cause, step, 1 FROM postings, (VALUES (-1), (1)) AS s(side)`, [agreement, new Date(scheduling.now())]);
  forward(50 * DAY);

  const all = await read('frontdesk@harbor');
  expect(all).toHaveLength(9);
  expect(of(all, 'summit', 'bump-rate-percent')).toMatchObject({ state: 'breached', value: 33.33, cases: CASES, limit: 20 });
  expect(of(all, 'summit', 'late-withdrawal-percent')).toMatchObject({ state: 'kept', value: 5, cases: 12 });
  const answered = of(all, 'summit', 'referral-answered-hours');
  expect(answered).toMatchObject({ state: 'breached', cases: CASES });
  expect(answered.value!).toBeGreaterThan(48);
  for (const practice of ['harbor', 'desert']) for (const measure of Object.keys(standards)) expect(of(all, practice, measure)).toMatchObject({ state: 'too-few', value: null, cases: null });
  expect(answered.asOf.endsWith('-01T00:00:00.000Z')).toBe(true);
  expect(await read('manager@desert')).toEqual(all);
  expect((await who('manager@lakeside').get(`/agreements/${agreement}/standards`)).status).toBe(404);
  expect(await scheduling.sql('SELECT 1 FROM dispute')).toEqual([]);

  const open = (by: string, more: object) => who(by).post('/disputes', { agreement, against: 'summit', ...more });
  expect(await open('manager@harbor', {})).toMatchObject({ status: 400 });
  expect(await open('manager@harbor', { standard: 'late-withdrawal-percent' })).toMatchObject({ status: 409, body: { code: 'standard-not-breached', state: 'kept' } });
  expect(await open('manager@harbor', { standard: 'bump-rate-percent', against: 'desert' })).toMatchObject({ status: 409, body: { code: 'standard-not-breached', state: 'too-few' } });
  expect(await open('manager@harbor', { standard: 'bump-rate-percent' })).toMatchObject({ status: 201, body: { state: 'open', matter: 'bump-rate-percent: 33.33, agreed are 20 at most.', standard: { measure: 'bump-rate-percent', value: 33.33, limit: 20, cases: CASES } } });
});

test('only standards that are measured can be agreed on, and never on fewer than eleven cases', async () => {
  const terms = { name: 'More', practices: ['harbor', 'summit'], effectiveFrom: scheduling.inDays(60) };
  for (const wrong of [{ 'phone-answered-minutes': { limit: 4 } }, { 'bump-rate-percent': { limit: 5, leastCases: 10 } }, { 'bump-rate-percent': { limit: 101 } }, { 'bump-rate-percent': { limit: 5, penaltyCents: 100 } }]) {
    expect(await who('manager@harbor').post('/agreements', { ...terms, standards: wrong })).toMatchObject({ status: 400 });
  }
});
