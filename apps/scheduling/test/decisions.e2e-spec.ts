import { HOUR, formatInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Desk, type HttpResult, RunningScheduling } from './running-scheduling';

interface DecisionBody { id: string; state: string; tally: object | null; votes: { practice: string; vote: string; by: string }[]; conflicts: { practice: string; reason: string }[]; tasks: { id: string; overdue: boolean; done: object | null }[]; dueAt: string; opensAt: string; departed: string[] }

let scheduling: RunningScheduling;
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) for (const role of ['manager', 'owner', 'frontdesk']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
});
afterAll(async () => scheduling.stop());

const inHours = (hours: number): string => formatInstant(plusMs(scheduling.now(), hours * HOUR));
const bodyOf = ({ body }: HttpResult): DecisionBody => body as unknown as DecisionBody;
const motion = (more: object = {}) => ({ title: 'Joint evening desk', motion: 'The partnership opens one desk until 20:00 on weekdays.', opensAt: inHours(0), dueAt: inHours(48), ...more });
async function moved(more: object = {}, by = 'manager@harbor'): Promise<string> {
  const answer = await who(by).post('/decisions', motion(more));
  expect(answer).toMatchObject({ status: 201, body: { state: 'open', tally: null } });
  return String(answer.body['id']);
}
/** The agreement of all members says how they decide. */
async function agreed(voting: object): Promise<void> {
  const [{ id, version, terms } = { id: '', version: 0, terms: {} }] = await scheduling.sql<{ id: string; version: number; terms: object }>(`SELECT agreement_id AS id, version, terms FROM agreement_version WHERE status = 'in-force'`);
  expect((await who('manager@harbor').post(`/agreements/${id}/versions`, { ...terms, effectiveFrom: scheduling.inDays(1), endsAt: null, voting })).status).toBe(201);
  const proposed = await who('manager@harbor').post(`/agreements/${id}/propose`, { version: version + 1 });
  for (const by of ['owner@harbor', 'manager@summit', 'owner@summit', 'manager@desert', 'owner@desert']) expect((await who(by).post(`/agreements/${id}/approve`, { version: version + 1, hash: proposed.body['hash'] })).status).toBe(200);
  moveTo(String(proposed.body['effectiveFrom']));
}
const vote = (by: string, id: string, cast: string) => who(by).post(`/decisions/${id}/vote`, { vote: cast });
const read = async (by: string, id: string): Promise<DecisionBody> => bodyOf(await who(by).get(`/decisions/${id}`));
const moveTo = (at: string): void => void scheduling.clock.moveTo(Math.max(scheduling.clock.offset, Date.parse(at) - Date.now() + 1_000));
async function counted(id: string): Promise<DecisionBody> {
  moveTo((await read('owner@harbor', id)).dueAt);
  await eventually('the motion is counted', async () => (await read('owner@harbor', id)).state !== 'open');
  return read('owner@harbor', id);
}
const published = async (id: string): Promise<number> => Number((await scheduling.sql<{ last: string }>(`SELECT last FROM event_sequence WHERE key = $1 AND topic = 'scheduling.governance.v1'`, [id]))[0]?.last ?? 0);
const refusals = async (subject: string): Promise<string[]> => (await scheduling.sql<{ code: string }>(`SELECT details->>'code' AS code FROM audit_entry WHERE action = 'access.refused' AND actor_subject = $1 ORDER BY at, id`, [`${subject}.example`])).map(({ code }) => code);

describe('decisions of the partnership', () => {
  test('who may not is refused, and every attempt is written down; outside the partnership nothing is seen', async () => {
    const id = await moved({ opensAt: inHours(2) });
    expect(await vote('manager@summit', id, 'yes')).toMatchObject({ status: 409, body: { code: 'motion-not-open-yet' } });
    expect(await vote('frontdesk@summit', id, 'yes')).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
    expect((await who('frontdesk@summit').get(`/decisions/${id}`)).status).toBe(200);
    for (const path of ['vote', 'withdraw', 'declare-conflict']) expect(await who('manager@lakeside').post(`/decisions/${id}/${path}`, path === 'vote' ? { vote: 'no' } : { reason: 'we say so' })).toMatchObject({ status: 404, body: { code: 'decision-unknown' } });
    expect((await who('manager@lakeside').get(`/decisions/${id}`)).status).toBe(404);
    expect((await who('manager@lakeside').get('/decisions')).body['items']).toEqual([]);
    expect(await who('manager@lakeside').post('/decisions', motion())).toMatchObject({ status: 422, body: { code: 'no-partnership' } });
    expect(await who('manager@harbor').post('/decisions', motion({ dueAt: inHours(-1) }))).toMatchObject({ status: 422, body: { code: 'motion-times-refused' } });
    expect(await who('owner@harbor').post(`/decisions/${id}/withdraw`, { reason: 'not any more' })).toMatchObject({ status: 403, body: { code: 'not-the-mover' } });
    expect(await who('manager@harbor').post(`/decisions/${id}/withdraw`, { reason: 'another text comes' })).toMatchObject({ status: 200, body: { state: 'withdrawn', withdrawnReason: 'another text comes', tally: null } });
    expect(await vote('manager@summit', id, 'yes')).toMatchObject({ status: 409, body: { code: 'decision-step-refused' } });
    expect(await refusals('owner@harbor')).toEqual(['not-the-mover']);
    expect(await refusals('manager@lakeside')).toEqual([...Array.from({ length: 4 }, () => 'decision-unknown'), 'no-partnership']);
    expect(await refusals('frontdesk@summit')).toContain('permission-missing');
  });

  test('without a quorum nothing is carried, a tie is lost, and a motion on which all are in conflict ends at once', async () => {
    const [few, tie, all] = [await moved({ quorum: 67 }), await moved(), await moved()];
    for (const practice of ['harbor', 'summit', 'desert']) expect((await who(`owner@${practice}`).post(`/decisions/${all}/declare-conflict`, { reason: 'it is about us' })).status).toBe(200);
    expect(await read('manager@harbor', all)).toMatchObject({ state: 'no-quorum', tally: { eligible: 0, voted: 0 } });
    for (const by of ['owner@harbor', 'owner@summit']) await vote(by, few, 'yes');
    await vote('owner@harbor', tie, 'yes');
    await vote('owner@desert', tie, 'no');
    expect(await counted(few)).toMatchObject({ state: 'no-quorum', tally: { eligible: 3, voted: 2, yes: 2 } });
    expect(await counted(tie)).toMatchObject({ state: 'lost' });
  });

  test('people of one practice who vote at once leave one vote, and a vote that meets the count is in it whole or refused', async () => {
    const id = await moved();
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => vote(i % 2 ? 'manager@summit' : 'owner@summit', id, ['yes', 'no', 'abstain'][i % 3]!)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await read('owner@harbor', id)).votes).toHaveLength(1);
    moveTo((await read('owner@harbor', id)).dueAt);
    const late = await Promise.all(['harbor', 'desert'].map((practice) => vote(`owner@${practice}`, id, 'yes')));
    expect(late.map(({ status }) => status)).toEqual([409, 409]);
    await eventually('it is counted', async () => (await read('owner@harbor', id)).state !== 'open');
    expect(await read('owner@harbor', id)).toMatchObject({ state: 'no-quorum', tally: { voted: 1 } });
    expect(await scheduling.sql(`SELECT 1 FROM audit_entry WHERE entity_id = $1 AND action = 'decision.no-quorum'`, [id])).toHaveLength(1);
  });

  test('a repeated motion is one motion', async () => {
    const body = motion({ title: 'Once' });
    const answers = await Promise.all([1, 2].map(() => who('manager@summit').post('/decisions', body, { 'idempotency-key': 'once' })));
    expect(new Set(answers.map((answer) => bodyOf(answer).id)).size).toBe(1);
  });

  test('a motion is voted on by weights, a member in conflict stands aside, the vote that was changed last counts, and tasks follow with their evidence', async () => {
    await agreed({ quorum: 60, weights: [{ practice: 'harbor', weight: 3 }] });
    expect(await who('manager@harbor').post('/decisions', motion({ quorum: 59 }))).toMatchObject({ status: 422, body: { code: 'below-agreed-voting', quorum: 60, threshold: 50 } });
    expect((await who('manager@harbor').post('/decisions', motion({ weights: [{ practice: 'harbor', weight: 9 }] }))).status).toBe(400);
    const id = await moved({ kind: 'budget' });
    expect(await read('manager@desert', id)).toMatchObject({ quorum: 60, threshold: 50 });
    expect((await vote('manager@harbor', id, 'no')).status).toBe(200);
    expect((await vote('owner@harbor', id, 'yes')).status).toBe(200);
    expect(await who('manager@desert').post(`/decisions/${id}/declare-conflict`, { reason: 'our owner rents out the room' })).toMatchObject({ status: 200, body: { conflicts: [{ practice: 'desert', reason: 'our owner rents out the room' }] } });
    expect(await vote('owner@desert', id, 'no')).toMatchObject({ status: 403, body: { code: 'in-conflict' } });
    expect((await vote('manager@summit', id, 'abstain')).status).toBe(200);
    expect(await who('manager@summit').post(`/decisions/${id}/declare-conflict`, { reason: 'thought of it late' })).toMatchObject({ status: 409, body: { code: 'voted-already' } });
    expect(await who('manager@harbor').post(`/decisions/${id}/tasks`, { what: 'rent a room', owner: 'summit', dueOn: '2027-01-10' })).toMatchObject({ status: 409, body: { code: 'decision-step-refused' } });
    const decided = await counted(id);
    expect(decided).toMatchObject({ state: 'carried', tally: { eligible: 4, voted: 4, yes: 3, no: 0, abstain: 1 }, votes: [{ practice: 'harbor', vote: 'yes', by: 'owner@harbor.example' }, { practice: 'summit', vote: 'abstain' }] });
    expect(await vote('manager@summit', id, 'no')).toMatchObject({ status: 409 });
    expect(await published(id)).toBe(2);

    const dueOn = scheduling.inDays(3).slice(0, 10);
    const added = await who('manager@harbor').post(`/decisions/${id}/tasks`, { what: 'rent a room', owner: 'summit', dueOn });
    expect(added).toMatchObject({ status: 201, body: { tasks: [{ owner: 'summit', overdue: false, done: null }] } });
    const task = bodyOf(added).tasks[0]!.id;
    const overdue = async () => (await who('frontdesk@desert').get('/decision-tasks?overdue=true')).body['items'] as unknown as { id: string }[];
    expect(await overdue()).toEqual([]);
    moveTo(scheduling.inDays(5));
    expect(await overdue()).toMatchObject([{ id: task, overdue: true }]);
    expect(await who('manager@harbor').post(`/decisions/${id}/tasks/${task}/done`, { evidence: 'lease of 2 January' })).toMatchObject({ status: 403, body: { code: 'task-of-another' } });
    expect(await who('manager@summit').post(`/decisions/${id}/tasks/${task}/done`, { evidence: 'lease of 2 January' })).toMatchObject({ status: 200, body: { tasks: [{ overdue: false, done: { evidence: 'lease of 2 January', by: 'manager@summit.example' } }] } });
    expect(await who('owner@summit').post(`/decisions/${id}/tasks/${task}/done`, { evidence: 'the same again' })).toMatchObject({ status: 409, body: { code: 'task-done' } });
    expect(await overdue()).toEqual([]);
  });
});
