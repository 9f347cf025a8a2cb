import { type TestDatabase, eventually } from '@slotmesh/testing';
import type { Twilio } from 'twilio';
import { PracticeWebhooks } from './practice-webhooks';
import { ACCOUNT, type RunningSandbox, freePort, sandboxDatabase, startSandbox } from './sandbox-under-test';
import { twilioAt } from './twilio-client';

const to = '+16175550101';
const from = '+16175550199';

describe("Twilio's Messages API, with the real client", () => {
  let database: TestDatabase;
  let practice: PracticeWebhooks;
  let sandbox: RunningSandbox;
  let client: Twilio;

  beforeAll(async () => {
    database = await sandboxDatabase();
    practice = new PracticeWebhooks(await freePort());
    await practice.open();
    sandbox = await startSandbox(database, { TWILIO_INBOUND_URL: `${practice.url}/inbound#rc=5&rp=all` });
    client = twilioAt(sandbox.url);
  });
  afterAll(async () => {
    await sandbox?.stop();
    await practice?.close();
    await database?.drop();
  });
  beforeEach(async () => {
    practice.posts.length = 0;
    practice.answers = [{ status: 200 }];
    await sandbox.call('DELETE', '/sandbox/api/faults');
  });

  const delivered = (sid: string) => eventually('delivered', async () => (await client.messages(sid).fetch()).status === 'delivered');
  const codeOf = (work: Promise<unknown>) => work.then(() => 0, (error: { code?: number; status?: number }) => error.code ?? error.status);

  it('takes a text and delivers it by itself', async () => {
    const created = await client.messages.create({ to, from, body: 'Hello' });
    expect(created).toMatchObject({ status: 'queued', direction: 'outbound-api', from, to, body: 'Hello', numSegments: '1', numMedia: '0', errorCode: null, price: null, accountSid: ACCOUNT, dateSent: null });
    expect(created.sid).toMatch(/^SM[0-9a-f]{32}$/);
    await delivered(created.sid);
    const fetched = await client.messages(created.sid).fetch();
    expect(fetched).toMatchObject({ price: '-0.00790', priceUnit: 'USD' });
    expect(Math.abs(Number(fetched.dateSent) - sandbox.clock.now())).toBeLessThan(10_000);
  });

  it('calls back every status but the first, signed, and not always in order', async () => {
    const sids = await Promise.all(Array.from({ length: 20 }, async (_, n) => (await client.messages.create({ to, from, body: `Text ${n}`, statusCallback: `${practice.url}/status?correlation=${n}` })).sid));
    await eventually('all callbacks', () => practice.of('/status').length >= 60);
    expect(practice.posts.every((post) => post.signed)).toBe(true);
    const orders = sids.map((sid, n) => {
      const own = practice.of(`/status?correlation=${n}`).filter((post) => post.form['MessageSid'] === sid);
      return own.map((post) => post.form['MessageStatus']);
    });
    for (const order of orders) expect([...order].sort()).toEqual(['delivered', 'sending', 'sent']);
    expect(orders.some((order) => order.join() !== 'sending,sent,delivered')).toBe(true);
    expect(practice.posts[0]?.form).toMatchObject({ AccountSid: ACCOUNT, From: from, To: to, ApiVersion: '2010-04-01' });
  });

  it('lists by number and time, page by page', async () => {
    const other = '+16175550102';
    const sids: string[] = [];
    for (let n = 0; n < 7; n++) sids.unshift((await client.messages.create({ to: other, from, body: `Page ${n}` })).sid);
    const listed = await client.messages.list({ to: other, pageSize: 3 });
    expect(listed.map((message) => message.sid)).toEqual(sids);
    const page = await client.messages.page({ to: other, pageSize: 3 });
    const second = await page.nextPage();
    expect(second?.instances.map((message) => message.sid)).toEqual(sids.slice(3, 6));
    expect((await second?.previousPage())?.instances.map((message) => message.sid)).toEqual(sids.slice(0, 3));
    const now = sandbox.clock.now();
    expect(await client.messages.list({ to: other, dateSentAfter: new Date(now - 60_000) })).toHaveLength(7);
    expect(await client.messages.list({ to: other, dateSentAfter: new Date(now + 60_000) })).toHaveLength(0);
    expect(await client.messages.list({ to: other, dateSentBefore: new Date(now - 60_000) })).toHaveLength(0);
    expect(await client.messages.list({ to: other, from: '+16175550100' })).toHaveLength(0);
  });

  it('redacts, deletes and refuses to cancel what is not scheduled', async () => {
    const { sid } = await client.messages.create({ to, from, body: 'Private' });
    await delivered(sid);
    expect((await client.messages(sid).update({ body: '' })).body).toBe('');
    expect(await codeOf(client.messages(sid).update({ status: 'canceled' }))).toBe(30409);
    expect(await client.messages(sid).remove()).toBe(true);
    expect(await codeOf(client.messages(sid).fetch())).toBe(20404);
  });

  it('schedules and cancels with a messaging service', async () => {
    const scheduled = await client.messages.create({ to, messagingServiceSid: `MG${'a'.repeat(32)}`, body: 'Later', scheduleType: 'fixed', sendAt: new Date(sandbox.clock.now() + 3_600_000) });
    expect(scheduled).toMatchObject({ status: 'scheduled', from: null, numSegments: '0' });
    expect((await client.messages(scheduled.sid).update({ status: 'canceled' })).status).toBe('canceled');
    const accepted = await client.messages.create({ to, messagingServiceSid: `MG${'a'.repeat(32)}`, body: 'Now' });
    expect(accepted.status).toBe('accepted');
    await delivered(accepted.sid);
    expect(await client.messages(accepted.sid).fetch()).toMatchObject({ from: '+15005550006', numSegments: '1' });
  });

  it('refuses with the codes that Twilio gives', async () => {
    expect(await codeOf(twilioAt(sandbox.url, 'not-the-right-token').messages.create({ to, from, body: 'x' }))).toBe(20003);
    expect(await codeOf(client.messages.create({ to: '+15005550004', from, body: 'x' }))).toBe(21610);
    expect(await codeOf(client.messages.create({ to, from, body: 'a'.repeat(1601) }))).toBe(21617);
    const refused = await client.messages.create({ to, from: '+15005550001', body: 'x' }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 21212, status: 400, moreInfo: 'https://www.twilio.com/docs/errors/21212' });
  });

  it('takes an answer from a phone, posts it signed and delivers the TwiML reply', async () => {
    const phone = '+16175550103';
    await client.messages.create({ to: phone, from, body: 'See you Monday? Reply C' });
    practice.answers = [{ status: 200, body: '<?xml version="1.0"?><Response><Message>Thank you &amp; see you</Message></Response>' }];
    const answer = await sandbox.call('POST', `/sandbox/api/phones/${encodeURIComponent(phone)}/messages`, { body: 'C' });
    expect(answer).toMatchObject({ status: 201, body: { from: phone, to: from, body: 'C' } });
    const thread = await eventually('the reply', async () => {
      const { body } = await sandbox.call('GET', `/sandbox/api/phones/${encodeURIComponent(phone)}`);
      const messages = body['messages'];
      return Array.isArray(messages) && messages.length === 3 && messages[2].status === 'delivered' ? messages : null;
    });
    expect(thread.map((text: { side: string; body: string }) => [text.side, text.body])).toEqual([['received', 'See you Monday? Reply C'], ['sent', 'C'], ['received', 'Thank you & see you']]);
    const [post] = practice.of('/inbound');
    expect(post).toMatchObject({ signed: true, form: { MessageSid: answer.body['sid'], From: phone, To: from, Body: 'C', SmsStatus: 'received', NumMedia: '0', NumSegments: '1' } });
    const listed = await client.messages.list({ from: phone });
    expect(listed).toMatchObject([{ direction: 'inbound', status: 'received', body: 'C' }]);
  });

  it('asks whom an answer is for where two numbers have texted a phone, and sends nothing until it is told', async () => {
    const phone = '+16175550106';
    const [path, other] = [`/sandbox/api/phones/${encodeURIComponent(phone)}/messages`, '+16175550198'];
    for (const sender of [from, other, from]) await client.messages.create({ to: phone, from: sender, body: 'A time came free. YES takes it.' });
    expect(await sandbox.call('POST', path, { body: 'YES' })).toMatchObject({ status: 422, body: { code: 'several-to-answer', senders: [from, other], detail: expect.stringContaining(`${from}, ${other}`) } });
    expect(await client.messages.list({ from: phone })).toEqual([]);
    expect(await sandbox.call('POST', path, { to: other, body: 'YES' })).toMatchObject({ status: 201, body: { to: other } });
    await eventually('the answer at the number that was named', () => practice.of('/inbound').some((post) => post.form['From'] === phone && post.form['To'] === other));
  });

  it('tries a failed webhook again with the same MessageSid', async () => {
    practice.answers = [{ status: 500 }, { status: 502 }, { status: 200 }];
    const { body } = await sandbox.call('POST', '/sandbox/api/phones/+16175550104/messages', { to: from, body: 'HELP' });
    await eventually('three tries', () => practice.of('/inbound').length === 3);
    expect(new Set(practice.posts.map((post) => post.form['MessageSid']))).toEqual(new Set([body['sid']]));
    expect(new Set(practice.posts.map((post) => post.token)).size).toBe(1);
  });

  it('names what is wrong with an answer', async () => {
    expect(await sandbox.call('POST', '/sandbox/api/phones/+16175550105/messages', { body: 'C' })).toMatchObject({ status: 422, body: { code: 'nobody-to-answer' } });
    expect(await sandbox.call('POST', '/sandbox/api/phones/12/messages', { body: 'C' })).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(await sandbox.call('POST', '/sandbox/api/phones/+16175550105/messages', { body: '' })).toMatchObject({ status: 400 });
  });

  describe('with faults', () => {
    const order = (fault: Record<string, unknown>) => sandbox.call('POST', '/sandbox/api/faults', fault);
    const stored = async (phone: string) => (await client.messages.list({ to: phone })).length;

    it.each([['429', 20429, 0, '+16175550120'], ['500-before', 20500, 0, '+16175550121'], ['500-after', 20500, 1, '+16175550122']])('%s answers %i and stores %i', async (kind, code, count, phone) => {
      await order({ channel: 'sms', kind, to: phone });
      expect(await codeOf(client.messages.create({ to: phone, from, body: 'x' }))).toBe(code);
      expect(await stored(phone)).toBe(count);
      expect(await codeOf(client.messages.create({ to: phone, from, body: 'x' }))).toBe(0);
    });

    it('timeout-after stores the text, delivers it and never answers', async () => {
      const phone = '+16175550131';
      await order({ channel: 'sms', kind: 'timeout-after' });
      const failure = await client.messages.create({ to: phone, from, body: 'x', statusCallback: `${practice.url}/status?after` }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'ECONNABORTED' });
      await eventually('delivered all the same', () => practice.of('/status?after').some((post) => post.form['MessageStatus'] === 'delivered'));
      expect(await stored(phone)).toBe(1);
    }, 20_000);

    it('loses and doubles callbacks', async () => {
      await order({ channel: 'callback', kind: 'callback-lost', times: 3, to: '+16175550132' });
      await order({ channel: 'callback', kind: 'callback-twice', times: 3, to: '+16175550133' });
      const lost = await client.messages.create({ to: '+16175550132', from, body: 'x', statusCallback: `${practice.url}/lost` });
      await client.messages.create({ to: '+16175550133', from, body: 'x', statusCallback: `${practice.url}/twice` });
      await eventually('six', () => practice.of('/twice').length === 6);
      await delivered(lost.sid);
      expect(practice.of('/lost')).toHaveLength(0);
    });

    it('leaves texts in the queue until they are given up (30036) or the fault is cleared', async () => {
      const { body: fault } = await order({ channel: 'sms', kind: 'queue-held', times: 2 });
      const short = await client.messages.create({ to, from, body: 'short', validityPeriod: 600, statusCallback: `${practice.url}/short` });
      const long = await client.messages.create({ to, from, body: 'long' });
      sandbox.clock.moveTo(sandbox.clock.offset + 601_000);
      await eventually('given up', async () => {
        await fetch(`${sandbox.opsUrl}/idle`);
        return (await client.messages(short.sid).fetch()).status === 'failed';
      });
      expect(await client.messages(short.sid).fetch()).toMatchObject({ errorCode: 30036, errorMessage: 'Validity Period Expired' });
      await eventually('called back', () => practice.of('/short').some((post) => post.form['ErrorCode'] === '30036'));
      expect((await client.messages(long.sid).fetch()).status).toBe('queued');
      expect((await sandbox.call('DELETE', `/sandbox/api/faults/${String(fault['id'])}`)).status).toBe(204);
      await delivered(long.sid);
    });

    it('reports undelivered with its code', async () => {
      await order({ channel: 'sms', kind: 'undelivered', errorCode: 30005 });
      const { sid } = await client.messages.create({ to, from, body: 'x', statusCallback: `${practice.url}/un` });
      await eventually('called back', () => practice.of('/un').some((post) => post.form['MessageStatus'] === 'undelivered' && post.form['ErrorCode'] === '30005'));
      expect(await client.messages(sid).fetch()).toMatchObject({ status: 'undelivered', errorCode: 30005 });
    });

    it('strikes the same requests again for the same seed, and counts', async () => {
      const strikes = async (seed: number) => {
        await order({ channel: 'sms', kind: '500-before', probability: 0.5, seed });
        const seen = [];
        for (let n = 0; n < 12; n++) seen.push(await codeOf(client.messages.create({ to, from, body: 'x' })));
        const { body } = await sandbox.call('GET', '/sandbox/api/faults');
        const [newest] = Array.isArray(body['items']) ? body['items'] : [];
        expect(newest).toMatchObject({ draws: 12, hits: seen.filter((code) => code === 20500).length });
        await sandbox.call('DELETE', '/sandbox/api/faults');
        return seen;
      };
      const first = await strikes(7);
      expect(await strikes(7)).toEqual(first);
      expect(new Set(first).size).toBe(2);
    });

    it('refuses a fault that a channel cannot have', async () => {
      expect(await order({ channel: 'oidc', kind: 'callback-lost' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/kind' }] } });
    });
  });

  it('counts a text under way as work until its last callback has been taken', async () => {
    const idle = async () => (await (await fetch(`${sandbox.opsUrl}/idle`)).json()) as { idle: boolean; activity: number };
    await eventually('idle', async () => (await idle()).idle);
    const before = await idle();
    await client.messages.create({ to, from, body: 'x', statusCallback: `${practice.url}/idle` });
    expect((await idle()).idle).toBe(false);
    await eventually('idle again', async () => (await idle()).idle);
    expect(practice.of('/idle')).toHaveLength(3);
    expect((await idle()).activity).toBeGreaterThan(before.activity);
  });

  it('P13: loses no webhook when the sandbox is restarted', async () => {
    await practice.close();
    const { body } = await sandbox.call('POST', '/sandbox/api/phones/+16175550140/messages', { to: from, body: 'C' });
    const { sid } = await client.messages.create({ to, from, body: 'x' });
    await sandbox.stop();
    sandbox = await startSandbox(database, { TWILIO_INBOUND_URL: `${practice.url}/inbound#rc=5&rp=all` });
    client = twilioAt(sandbox.url);
    await practice.open();
    await eventually('posted after the restart', () => practice.of('/inbound').some((post) => post.form['MessageSid'] === body['sid']));
    await delivered(sid);
  });
});
