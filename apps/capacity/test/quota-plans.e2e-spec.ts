import { RunningCapacity } from './running-capacity';

const cell = (capacity: number, demand: number) => ({ service: 'skin-check', minutes: 30, lendableShare: 0.5, capacity: [capacity, capacity], demand: [demand, demand] });
const inputs = (practices: readonly string[]) => ({ firstWeek: '2026-12-07', weeks: 2, practices: practices.map((practice, i) => ({ practice, reciprocityHours: 100, services: [cell(20, i === 0 ? 24 : 10)] })) });

describe('quota plans', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    await capacity.knowsPractices();
  });
  afterAll(() => capacity.stop());

  test('P21: a manager makes a plan, which those in it and the operator read with its inputs, and nobody else', async () => {
    const made = await capacity.post('manager@harbor.example', '/quota-plans', inputs(['harbor', 'summit']));
    expect(made).toMatchObject({ status: 201, body: { madeBy: 'harbor', solution: { method: 'linear-programme', without: { unmet: 8 }, with: { unmet: 0 }, lends: [{ lender: 'summit', borrower: 'harbor', week: 0, slots: 4 }, { week: 1, slots: 4 }] }, inputs: { version: 1, weeks: 2 } } });
    for (const who of ['manager@summit.example', 'operator@network.example']) expect((await capacity.get(who, `/quota-plans/${made.body.id}`)).body).toEqual(made.body);
    for (const who of ['manager@desert.example', 'manager@lakeside.example']) expect((await capacity.get(who, `/quota-plans/${made.body.id}`)).status).toBe(404);
    expect((await capacity.post('manager@desert.example', '/quota-plans', inputs(['harbor', 'summit']))).status).toBe(403);
    expect(await capacity.post('operator@network.example', '/quota-plans', inputs(['harbor', 'lakeside']))).toMatchObject({ status: 422, body: { code: 'not-one-partnership', practices: ['lakeside'] } });
    expect((await capacity.post('operator@network.example', '/quota-plans', inputs(['desert', 'summit']))).body.madeBy).toBeNull();
    expect((await capacity.post('manager@harbor.example', '/quota-plans', { ...inputs(['harbor', 'summit']), firstWeek: '2026-12-08' })).status).toBe(400);
    const crowd = { firstWeek: '2026-12-07', weeks: 16, practices: ['harbor', 'summit'].map((practice) => ({ practice, reciprocityHours: 1, services: [{ ...cell(0, 0), capacity: Array(16).fill(0), demand: Array(16).fill(10_000) }] })) };
    expect(await capacity.post('manager@harbor.example', '/quota-plans', crowd)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/practices', detail: expect.stringContaining('too much demand') }] } });
  });

  test('P4: asked again with the same key there is one plan, and other inputs are refused', async () => {
    const ask = (practices: readonly string[], who = 'manager@harbor.example') => capacity.post(who, '/quota-plans', inputs(practices), 'first');
    const [one, twin] = await Promise.all([ask(['harbor', 'summit']), ask(['harbor', 'summit'])]);
    expect([one.status, twin.body, (await ask(['harbor', 'summit'])).body]).toEqual([201, one.body, one.body]);
    expect(await ask(['harbor', 'desert'])).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect((await ask(['harbor', 'summit'], 'manager@summit.example')).body.id).not.toBe(one.body.id);
  });

  test('P7: it becomes the body of an amendment that people sign, and changes no agreement by itself', async () => {
    const { body } = await capacity.post('manager@harbor.example', '/quota-plans', inputs(['harbor', 'summit']));
    const terms = { name: 'Pool', practices: ['harbor', 'summit', 'desert'], effectiveFrom: '2026-01-01T00:00:00Z', rules: [{ id: 'open', host: 'summit', guardDays: 5 }, { id: 'quota:old', host: 'summit', partners: ['harbor'], services: ['skin-check'], weeklyQuota: 9 }] };
    expect(await capacity.post('manager@harbor.example', `/quota-plans/${body.id}/amendment`, { terms, effectiveFrom: '2027-01-01T00:00:00Z' })).toMatchObject({
      status: 200,
      body: { name: 'Pool', effectiveFrom: '2027-01-01T00:00:00.000Z', rules: [{ id: 'open', host: 'summit', guardDays: 5 }, { id: 'quota:summit:skin-check:harbor', host: 'summit', partners: ['harbor'], services: ['skin-check'], weeklyQuota: 4 }] },
    });
    expect(await capacity.post('manager@harbor.example', `/quota-plans/${body.id}/amendment`, { terms: { ...terms, practices: ['harbor', 'desert'] }, effectiveFrom: '2027-01-01T00:00:00Z' })).toMatchObject({ status: 422, body: { code: 'not-parties-of-the-agreement' } });
  });
});
