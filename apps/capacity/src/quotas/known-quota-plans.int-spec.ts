import { addDays, localDateOf, parseLocalDate, parseZone, weekdayOf } from '@slotmesh/kernel';
import { Client } from 'pg';
import { RunningCapacity } from '../../test/running-capacity';
import { weeksOfVisits } from '../../test/weeks-of-visits';

const manager = 'manager@harbor.example';

describe('quota plans from what is known', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    for (const id of ['harbor', 'summit', 'desert', 'lakeside']) await capacity.practice(id);
    await capacity.settled();
    // Harbor is asked for 23 of its 20 half hours a day, summit for 12; desert has stated nothing.
    await weeksOfVisits(capacity, 'harbor', 23, { weeks: 30 });
    await weeksOfVisits(capacity, 'summit', 12);
  });
  afterAll(() => capacity.stop());
  const plan = (body: object, who = manager, key?: string) => capacity.post(who, '/quota-plans', body, key);

  test('refuses by name what is missing, with what to do', async () => {
    expect(await plan({})).toMatchObject({ status: 422, body: { code: 'too-little-known', missing: ['Practice desert has scheduled time in fewer than 8 of the last 13 weeks; 8 are needed. Leave it out with "leaveOut": ["desert"].'] } });
    expect(await plan({ leaveOut: ['desert'] }, 'manager@summit.example')).toMatchObject({ status: 422, body: { code: 'too-little-known', detail: expect.stringMatching(/Your demand for skin-check cannot be forecast: \d+ open days have a value.*"demandFrom": "last-weeks"/) } });
    expect(await plan({}, 'manager@lakeside.example')).toMatchObject({ status: 422, body: { missing: ['No other practice of your partnership is left to plan with.'] } });
    expect(await plan({ leaveOut: ['desert'], weeks: 8, firstWeek: addDays(parseLocalDate('2026-12-07'), 364 * 7) })).toMatchObject({ status: 422, body: { code: 'too-little-known' } });
    expect(await plan({ leaveOut: ['desert'], firstWeek: '2026-01-05' })).toMatchObject({ status: 422, body: { detail: expect.stringContaining('A week that has begun is not planned') } });
    expect(await plan({}, 'operator@network.example')).toMatchObject({ status: 422, body: { code: 'operators-give-practices' } });
    expect(await plan({ leaveOut: ['desert', 'nobody', 'lakeside', 'harbor'] })).toMatchObject({ status: 422, body: { code: 'leaves-out-no-partner', practices: ['nobody', 'lakeside', 'harbor'], detail: expect.stringContaining('nobody is no partner of yours; lakeside is no partner of yours; harbor is your own practice') } });
    expect(await plan({ leaveOut: ['desert'], services: ['skin-check', 'skin-chek'] })).toMatchObject({ status: 422, body: { code: 'too-little-known', missing: [expect.stringContaining('None of skin-chek was asked for')] } });
    expect(await plan({ weeks: 9 })).toMatchObject({ status: 400, body: { detail: 'Please correct: weeks must be at most 8' } });
    const service = { service: 'skin-check', minutes: 30, lendableShare: 0.2, capacity: [1.5], demand: [1] };
    expect(await plan({ firstWeek: '2026-12-07', weeks: 1, practices: [{ practice: 'harbor', reciprocityHours: 40, services: [service] }, { practice: 'summit', reciprocityHours: 40, services: [{ ...service, capacity: 'ten' }] }] })).toMatchObject({ status: 400, body: { detail: 'Please correct: practices/0/services/0/capacity/0 must be a whole number; practices/1/services/0/capacity must be a list' } });
    expect(await plan({ weks: 4 })).toMatchObject({ status: 400, body: { detail: 'Please correct: weks is not known here; did you mean weeks?' } });
  });

  test('P18: takes the own demand as forecast, partners as their last weeks and stated time, lends what is short, and shows each reader their own part alone', async () => {
    const { status, body } = await plan({ leaveOut: ['desert'], lendableShare: 0.5 });
    expect([status, body.inputs, body.madeBy, body.asked]).toEqual([201, null, 'harbor', expect.objectContaining({ weeks: 4, demandQuantile: 0.8, demandFrom: 'forecast', leaveOut: ['desert'] })]);
    expect(body.known.own).toMatchObject({ practice: 'harbor', services: [{ service: 'skin-check', minutes: 30, capacity: [100, 100, 100, 100] }] });
    for (const week of body.known.own.services[0].demand) expect(Math.abs(week - 115)).toBeLessThan(3);
    expect(body.solution.lends).toEqual([0, 1, 2, 3].map((week) => ({ lender: 'summit', borrower: 'harbor', service: 'skin-check', week, slots: expect.any(Number) })));
    expect(body.solution.with.unmet).toBe(0);
    expect(body.known.scenarios.map(({ demandQuantile }: { demandQuantile: number }) => demandQuantile)).toEqual([0.8, 0.5, 0.95]);
    for (const { unmetWithout, unmetWith } of body.known.scenarios) expect(unmetWithout - unmetWith).toBeGreaterThan(40);
    expect(body.solution.practices).toMatchObject([{ practice: 'harbor', unmetWithout: expect.any(Number), unmetWith: 0 }, { practice: 'summit', unmetWithout: null, unmetWith: null }]);
    const ofSummit = (await capacity.get('manager@summit.example', `/quota-plans/${body.id}`)).body;
    expect(ofSummit).toMatchObject({ id: body.id, known: { own: { practice: 'summit', services: [{ capacity: [100, 100, 100, 100] }] } }, solution: { practices: [{ unmetWithout: null }, { practice: 'summit', unmetWithout: 0 }] } });
    for (const who of ['manager@desert.example', 'manager@lakeside.example']) expect((await capacity.get(who, `/quota-plans/${body.id}`)).status).toBe(404);
    // What is known of partners cannot be read by the role under which requests run.
    const app = new Client({ connectionString: capacity.database.appUrl });
    await app.connect();
    try {
      await app.query(`SELECT set_config('slotmesh.tenant', 'summit', false)`);
      expect((await app.query('SELECT id FROM quota_plan')).rowCount).toBe(1);
      await expect(app.query('SELECT known FROM quota_plan')).rejects.toThrow('permission denied');
    } finally {
      await app.end();
    }
    expect((await capacity.post(manager, `/quota-plans/${body.id}/amendment`, { terms: { practices: ['harbor', 'summit'], rules: [] }, effectiveFrom: '2027-01-01T00:00:00Z' })).body.rules).toMatchObject([{ host: 'summit', partners: ['harbor'], services: ['skin-check'] }]);
  });

  test('P4: asked again with the same key there is one plan, also where the numbers have changed, and another question is refused', async () => {
    const body = { leaveOut: ['desert'], demandFrom: 'last-weeks', weeks: 2 };
    const [one, twin] = await Promise.all([plan(body, manager, 'known'), plan(body, manager, 'known')]);
    expect([one.status, twin.body]).toEqual([201, one.body]);
    expect(one.body.known.own.services[0].demand).toEqual([124, 124]);
    const { rows: [kept] } = await capacity.admin.query(`UPDATE supply_day SET minutes = 300 WHERE host = 'summit' AND day > current_date RETURNING (SELECT known FROM quota_plan WHERE id = $1)`, [one.body.id]);
    expect(kept.known.inputs.practices).toHaveLength(2);
    expect((await plan(body, manager, 'known')).body).toEqual(one.body);
    await capacity.admin.query(`UPDATE supply_day SET minutes = 600 WHERE host = 'summit'`);
    expect(await plan({ ...body, weeks: 3 }, manager, 'known')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  test('P21: the list has those that the practice is in, the newest first, page by page', async () => {
    const monday = addDays(localDateOf(capacity.now, parseZone('UTC')), 8 - weekdayOf(localDateOf(capacity.now, parseZone('UTC'))));
    const given = { firstWeek: monday, weeks: 1, practices: ['harbor', 'desert'].map((practice) => ({ practice, reciprocityHours: 1, services: [{ service: 'echo', minutes: 60, lendableShare: 0, capacity: [1], demand: [1] }] })) };
    const last = (await plan(given)).body;
    const first = (await capacity.get(manager, '/quota-plans?limit=2')).body;
    expect(first.items.map(({ id, inputs }: { id: string; inputs: string }) => [id, inputs])).toEqual([[last.id, 'given'], [expect.any(String), 'known']]);
    expect(first.items[1]).toMatchObject({ weeks: 2, practices: ['harbor', 'summit'], slots: expect.any(Number), with: { unmet: expect.any(Number) } });
    const rest = (await capacity.get(manager, `/quota-plans?limit=2&cursor=${first.nextCursor}`)).body;
    expect([rest.items.length, rest.nextCursor]).toEqual([1, null]);
    expect(new Set([...first.items, ...rest.items].map(({ id }: { id: string }) => id)).size).toBe(3);
    expect((await capacity.get('manager@summit.example', '/quota-plans')).body.items).toHaveLength(2);
    expect((await capacity.get('manager@lakeside.example', '/quota-plans')).body).toEqual({ items: [], nextCursor: null });
    expect((await capacity.get('operator@network.example', '/quota-plans')).body.items).toHaveLength(3);
    expect(await capacity.get(manager, '/quota-plans?cursor=nonsense')).toMatchObject({ status: 400, body: { code: 'cursor-unreadable' } });
  });
});
