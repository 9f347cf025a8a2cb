import { type TestDatabase, eventually } from '@slotmesh/testing';
import { ClockMember } from './clock-member';
import { type RunningSandbox, freePort, sandboxDatabase, startSandbox } from './sandbox-under-test';
import { twilioAt } from './twilio-client';

const HOUR = 3_600_000;

describe('the clock that can be moved', () => {
  let database: TestDatabase;
  let member: ClockMember;
  let sandbox: RunningSandbox;

  beforeEach(async () => {
    database = await sandboxDatabase();
    member = new ClockMember(await freePort());
    await member.open();
    sandbox = await start();
  });
  afterEach(async () => {
    await sandbox?.stop();
    await member?.close();
    await database?.drop();
  });

  const start = async (change: Record<string, string> = {}) => {
    const port = await freePort();
    return startSandbox(database, { PORT: String(port), CLOCK_MEMBERS: member.url, CLOCK_PATIENCE_MS: '1500', ...change });
  };
  const advance = (body: unknown, wait = true) => sandbox.call('POST', `/sandbox/api/clock/advance${wait ? '?wait=true' : ''}`, body);
  const offset = async () => Number((await sandbox.call('GET', '/sandbox/clock')).body['offsetMs']);

  it('walks through every due instant at its own time', async () => {
    const begin = sandbox.clock.now();
    const dues = [1, 5, 30, 71.5].map((hours) => begin + hours * HOUR);
    member.plan(...dues, begin + 80 * HOUR);
    const { status, body } = await advance({ by: 'P3D' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'done', steps: 5, error: null });
    expect(member.done.map(({ due }) => due)).toEqual(dues);
    for (const { due, at } of member.done) expect(at - due).toBeLessThan(2_000);
    expect(sandbox.clock.now() - begin).toBeGreaterThanOrEqual(72 * HOUR);
    expect(sandbox.clock.now() - begin).toBeLessThan(72 * HOUR + 30_000);
    expect(member.offsetMs).toBe(await offset());
  });

  it('stops where the sandbox itself has something to do', async () => {
    await sandbox.stop();
    const port = await freePort();
    sandbox = await startSandbox(database, { PORT: String(port) });
    const client = twilioAt(sandbox.url);
    const at = new Date(sandbox.clock.now() + 2 * HOUR);
    const { sid } = await client.messages.create({ to: '+16175550101', messagingServiceSid: `MG${'b'.repeat(32)}`, body: 'Later', scheduleType: 'fixed', sendAt: at });
    expect((await advance({ by: 'PT5H' })).body).toMatchObject({ state: 'done', steps: 2 });
    const sent = await client.messages(sid).fetch();
    expect(sent.status).toBe('delivered');
    expect(Math.abs(Number(sent.dateSent) - at.getTime())).toBeLessThan(5_000);
  });

  it('answers at once with a job that can be watched, and runs one at a time', async () => {
    member.stuck = true;
    const started = await advance({ to: new Date(sandbox.clock.now() + HOUR).toISOString() }, false);
    expect(started).toMatchObject({ status: 202, body: { state: 'running' } });
    expect(await advance({ by: 'PT1H' }, false)).toMatchObject({ status: 409, body: { code: 'clock-already-advancing' } });
    expect((await sandbox.call('GET', '/sandbox/api/clock')).body).toMatchObject({ job: { id: started.body['id'] } });
    member.stuck = false;
    const job = await eventually('done', async () => {
      const { body } = await sandbox.call('GET', `/sandbox/api/clock/jobs/${String(started.body['id'])}`);
      return body['state'] === 'done' ? body : null;
    });
    expect(job).toMatchObject({ steps: 1, error: null });
  });

  it.each<[unknown, number, string]>([
    [{ by: 'PT0S' }, 400, 'invalid-request'],
    [{ by: '-PT1H' }, 400, 'invalid-request'],
    [{ by: 'tomorrow' }, 400, 'invalid-request'],
    [{}, 400, 'invalid-request'],
    [{ to: '2020-01-01T00:00:00Z' }, 422, 'clock-goes-back'],
    [{ by: 'P9Y' }, 422, 'clock-too-far'],
  ])('refuses %j with %i %s', async (body, status, code) => {
    expect(await advance(body)).toMatchObject({ status, body: { code } });
    expect(await offset()).toBe(0);
  });

  it('names a member that does not answer, and works again afterwards', async () => {
    await member.close();
    const { body } = await advance({ by: 'PT1H' });
    expect(body).toMatchObject({ state: 'failed', error: expect.stringContaining(member.url) });
    await member.open();
    expect((await advance({ by: 'PT1H' })).body).toMatchObject({ state: 'done' });
  });

  it('waits for a member that is started again in the middle', async () => {
    const begin = sandbox.clock.now();
    member.plan(begin + HOUR, begin + 2 * HOUR);
    await member.close();
    const started = await advance({ by: 'PT3H' }, false);
    await member.open();
    await eventually('done', async () => (await sandbox.call('GET', `/sandbox/api/clock/jobs/${String(started.body['id'])}`)).body['state'] === 'done');
    expect(member.done).toHaveLength(2);
  });

  it('names a member that never comes to rest, and what keeps it', async () => {
    member.stuck = true;
    expect((await advance({ by: 'PT1H' })).body).toMatchObject({ state: 'failed', error: `not at rest: ${member.url} (outbox)` });
    expect(await offset()).toBe(0);
  });

  it('keeps its offset over a restart and goes on with an interrupted walk', async () => {
    const begin = sandbox.clock.now();
    await advance({ by: 'PT6H' });
    const kept = await offset();
    member.plan(begin + 8 * HOUR);
    member.stuck = true;
    const started = await advance({ to: new Date(begin + 10 * HOUR).toISOString() }, false);
    await sandbox.stop();
    member.offsetMs = 0;
    member.stuck = false;
    sandbox = await start();
    expect(await offset()).toBeGreaterThanOrEqual(kept);
    const job = await eventually('the walk ends', async () => {
      const { body } = await sandbox.call('GET', `/sandbox/api/clock/jobs/${String(started.body['id'])}`);
      return body['state'] === 'running' ? null : body;
    });
    expect(job).toMatchObject({ state: 'done', steps: 2 });
    expect(member.done).toMatchObject([{ due: begin + 8 * HOUR }]);
    expect(member.offsetMs).toBe(await offset());
  });
});
