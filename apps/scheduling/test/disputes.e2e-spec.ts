import { DAY, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Desk, type HttpResult, RunningScheduling } from './running-scheduling';

interface DisputeBody { id: string; state: string; dueAt: string | null; overdue: boolean; next: string | null; outcome: string | null; agreedBy: string | null; steps: { step: string; late: boolean }[] }

let scheduling: RunningScheduling;
let agreement: string;
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) for (const role of ['manager', 'owner', 'frontdesk']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
  agreement = (await scheduling.sql<{ id: string }>('SELECT id FROM agreement'))[0]!.id;
});
afterAll(async () => scheduling.stop());

const bodyOf = ({ body }: HttpResult): DisputeBody => body as unknown as DisputeBody;
const matter = 'Half of the shared Monday hours were taken back in October';
const open = (by: string, more: object = {}): Promise<HttpResult> => who(by).post('/disputes', { agreement, against: 'summit', matter, ...more });
async function opened(): Promise<string> {
  const answer = await open('manager@harbor');
  expect(answer).toMatchObject({ status: 201, body: { state: 'open', next: 'answer', nextBy: ['summit'], overdue: false } });
  return String(answer.body['id']);
}
const step = (by: string, id: string, name: string, more: object = {}) => who(by).post(`/disputes/${id}/${name}`, { text: 'what was said about it', ...more });
const read = async (by: string, id: string): Promise<DisputeBody> => bodyOf(await who(by).get(`/disputes/${id}`));
const inDays = (days: number): void => void scheduling.clock.moveTo(scheduling.clock.offset + days * DAY);
const published = async (id: string): Promise<number> => Number((await scheduling.sql<{ last: string }>(`SELECT last FROM event_sequence WHERE key = $1 AND topic = 'scheduling.governance.v1'`, [id]))[0]?.last ?? 0);

describe('disputes', () => {
  test('a dispute goes from answer to meeting to mediation, each by whom it is due from, and closes when both parties say that they agree', async () => {
    const id = await opened();
    const dueAt = Date.parse((await read('frontdesk@summit', id)).dueAt!);
    expect(Math.abs(dueAt - plusMs(scheduling.now(), 10 * DAY))).toBeLessThan(60_000);
    expect(await step('owner@harbor', id, 'answer')).toMatchObject({ status: 403, body: { code: 'not-yours-to-do' } });
    expect(await step('owner@summit', id, 'meet')).toMatchObject({ status: 409, body: { code: 'dispute-step-refused', next: 'answer' } });
    expect(await step('owner@summit', id, 'answer')).toMatchObject({ status: 200, body: { state: 'answered', next: 'meet', nextBy: ['harbor', 'summit'], steps: [{ step: 'answer', late: false }] } });
    expect(await step('manager@summit', id, 'answer')).toMatchObject({ status: 409 });
    expect(await step('manager@harbor', id, 'close', { outcome: 'outside' })).toMatchObject({ status: 409, body: { code: 'outside-too-early' } });
    expect(await step('manager@harbor', id, 'meet')).toMatchObject({ status: 200, body: { state: 'met' } });
    expect(await step('manager@summit', id, 'mediate')).toMatchObject({ status: 200, body: { state: 'mediated', next: null, dueAt: null } });
    expect(await step('manager@summit', id, 'close', { outcome: 'withdrawn' })).toMatchObject({ status: 403, body: { code: 'not-yours-to-do' } });
    expect(await step('manager@summit', id, 'close', { outcome: 'agreed' })).toMatchObject({ status: 200, body: { state: 'mediated', agreedBy: 'summit' } });
    expect(await step('owner@summit', id, 'close', { outcome: 'agreed' })).toMatchObject({ status: 409, body: { code: 'other-party-awaited' } });
    expect(await step('owner@harbor', id, 'close', { outcome: 'agreed' })).toMatchObject({ status: 200, body: { state: 'closed', outcome: 'agreed', closedBy: 'owner@harbor.example' } });
    expect(await step('owner@harbor', id, 'meet')).toMatchObject({ status: 409 });
    expect(await published(id)).toBe(5);
    expect((await who('manager@harbor').get('/disputes?open=true')).body['items']).toEqual([]);
  });

  test('a step that is overdue shows, is told once to both, can still be done late, and opens the way outside', async () => {
    const id = await opened();
    inDays(10);
    expect(await read('manager@harbor', id)).toMatchObject({ overdue: true, next: 'answer' });
    await eventually('it is told', async () => (await published(id)) === 2);
    const told = () => scheduling.sql<{ practice_id: string }>(`SELECT practice_id FROM audit_entry WHERE action = 'dispute.step-overdue' AND entity_id = $1 ORDER BY practice_id`, [id]);
    expect(await told()).toEqual([{ practice_id: 'harbor' }, { practice_id: 'summit' }]);
    expect(await step('owner@summit', id, 'answer')).toMatchObject({ status: 200, body: { state: 'answered', overdue: false, steps: [{ late: true }] } });
    inDays(10);
    await eventually('the next one is told, too', async () => (await told()).length === 4);
    expect(await step('owner@summit', id, 'close', { outcome: 'outside', text: 'we call the county mediator' })).toMatchObject({ status: 200, body: { state: 'closed', outcome: 'outside', overdue: false } });
    expect(await published(id)).toBe(5);
  });

  test('who may not is refused and written down, a third practice reads nothing, and money has no place in it', async () => {
    const id = await opened();
    for (const by of ['manager@desert', 'owner@lakeside']) {
      expect(await step(by, id, 'answer')).toMatchObject({ status: 404, body: { code: 'dispute-unknown' } });
      expect((await who(by).get(`/disputes/${id}`)).status).toBe(404);
      expect((await who(by).get('/disputes')).body['items']).toEqual([]);
    }
    expect(await step('frontdesk@summit', id, 'answer')).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
    for (const against of ['lakeside', 'harbor', 'nobody']) expect(await open('manager@harbor', { against })).toMatchObject({ status: 422, body: { code: 'not-parties' } });
    expect(await open('manager@lakeside')).toMatchObject({ status: 422, body: { code: 'not-parties' } });
    for (const more of [{ amount: 500 }, { penaltyCents: 1 }]) {
      expect(await open('manager@harbor', more)).toMatchObject({ status: 400 });
      expect(await step('owner@summit', id, 'answer', more)).toMatchObject({ status: 400 });
      expect(await step('manager@harbor', id, 'close', { outcome: 'withdrawn', ...more })).toMatchObject({ status: 400 });
    }
    const money = await scheduling.sql(`SELECT column_name FROM information_schema.columns WHERE table_name IN ('dispute', 'dispute_step') AND (data_type IN ('integer', 'bigint', 'numeric', 'money', 'real', 'double precision', 'smallint') OR column_name ~ 'amount|cent|fee|price|money|pay')`);
    expect(money).toEqual([]);
    const [refused] = await scheduling.sql<{ count: string }>(`SELECT count(*) FROM audit_entry WHERE action = 'access.refused' AND details->>'code' IN ('dispute-unknown', 'not-parties')`);
    expect(Number(refused!.count)).toBe(2 + 2 + 3 + 1);
    expect((await step('manager@harbor', id, 'close', { outcome: 'withdrawn' })).status).toBe(200);
  });

  test('both parties who do one step at once do it once, and close it once', async () => {
    const id = await opened();
    await step('owner@summit', id, 'answer');
    const met = await Promise.all(['manager@harbor', 'owner@harbor', 'manager@summit', 'owner@summit'].map((by) => step(by, id, 'meet')));
    expect(met.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const closed = await Promise.all(['manager@harbor', 'owner@harbor', 'manager@summit', 'owner@summit'].map((by) => step(by, id, 'close', { outcome: 'agreed' })));
    expect(closed.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(await read('owner@harbor', id)).toMatchObject({ state: 'closed', outcome: 'agreed', closedAt: expect.any(String) });
    expect(await scheduling.sql(`SELECT 1 FROM audit_entry WHERE entity_id = $1 AND action = 'dispute.closed'`, [id])).toHaveLength(1);
  });
});
