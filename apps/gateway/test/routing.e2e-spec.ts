import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { problem } from '@slotmesh/platform';
import { z } from 'zod';
import { type NetworkUnderTest, startNetwork } from './network-under-test';
import { freePort, startGateway } from './running-gateway';

const echo = z.object({ authorization: z.string().nullable() });

describe('the gateway as the one way in', () => {
  let network: NetworkUnderTest;
  let origin: string;
  beforeAll(async () => {
    network = await startNetwork();
    ({ origin } = network);
  });
  afterAll(() => network?.stop());

  it.each([
    ['application/json', Buffer.from('{ "a" : 1,\n"b":"\\u00e9" }  ')],
    ['application/x-www-form-urlencoded', Buffer.from('Body=C&From=%2B16175550123&Empty=&Body=twice')],
    ['application/octet-stream', randomBytes(3_000_000)],
  ])('passes a body of type %s unchanged, because webhook signatures are made over it', async (type, body) => {
    const response = await fetch(`${origin}/webhooks/twilio/inbound?a=1&a=%20b`, { method: 'POST', headers: { 'content-type': type, 'x-twilio-signature': 'sig=' }, body });
    expect(response.status).toBe(200);
    const seen = network.notifications.seen.at(-1);
    expect(seen).toMatchObject({ method: 'POST', url: '/webhooks/twilio/inbound?a=1&a=%20b', sha256: createHash('sha256').update(body).digest('hex') });
    expect(seen?.headers).toMatchObject({ 'content-type': type, 'x-twilio-signature': 'sig=', 'x-forwarded-host': new URL(origin).host, 'x-forwarded-proto': 'http' });
  });

  it('refuses a call that is too large with a sentence, and the next one is answered as ever', async () => {
    for (let time = 0; time < 3; time++) {
      const seen = network.scheduling.seen.length;
      const response = await fetch(`${origin}/api/scheduling/v1/holds`, { method: 'POST', headers: { authorization: 'Bearer of-the-caller', 'content-type': 'application/json' }, body: JSON.stringify({ a: 'x'.repeat(1_200_000) }) });
      expect([response.status, problem.parse(await response.json()).code]).toEqual([413, 'body-too-large']);
      expect(network.scheduling.seen).toHaveLength(seen);
      const next = await fetch(`${origin}/api/scheduling/v1/holds`, { method: 'POST', headers: { authorization: 'Bearer of-the-caller', 'content-type': 'application/json' }, body: '{}', signal: AbortSignal.timeout(5_000) });
      expect(next.status).toBe(200);
    }
  });

  it('lets a file of a year of visits through to the trial before joining, and nothing else as large', async () => {
    const send = (path: string, type: string, bytes: number) => fetch(`${origin}${path}`, { method: 'POST', headers: { authorization: 'Bearer of-the-caller', 'content-type': type }, body: 'x'.repeat(bytes) });
    expect((await send('/api/capacity/v1/trials/preview?start=day', 'text/csv', 3_000_000)).status).toBe(200);
    expect(network.scheduling.seen.at(-1)).toMatchObject({ url: '/api/capacity/v1/trials/preview?start=day', sha256: createHash('sha256').update('x'.repeat(3_000_000)).digest('hex') });
    for (const [path, type, bytes] of [['/api/capacity/v1/trials', 'text/csv', 5_000_000], ['/api/capacity/v1/trials', 'application/json', 1_200_000], ['/api/capacity/v1/what-if', 'text/csv', 1_200_000]] as const) expect((await send(path, type, bytes)).status).toBe(413);
  });

  it('brings the click that ends mail to notifications as it came, with no session and no token', async () => {
    const response = await fetch(`${origin}/u/token.signature`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click', redirect: 'manual' });
    expect(response.status).toBe(200);
    expect(network.notifications.seen.at(-1)).toMatchObject({ method: 'POST', url: '/u/token.signature' });
    expect(echo.parse(await response.json()).authorization).toBeNull();
  });

  it('takes off what only we may set, and says who really called', async () => {
    await fetch(`${origin}/api/scheduling/v1/openings`, { headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example', forwarded: 'for=1.2.3.4', 'x-slotmesh-practice': 'summit', 'x-internal-actor': 'operator', 'x-request-id': 'kept' } });
    const headers = network.scheduling.seen.at(-1)?.headers ?? {};
    expect(headers['x-forwarded-for']).toMatch(/127\.0\.0\.1|::1/);
    expect(headers['x-forwarded-host']).toBe(new URL(origin).host);
    expect(headers['x-request-id']).toBe('kept');
    expect(Object.keys(headers).filter((name) => /slotmesh|internal|^forwarded$/.test(name))).toEqual([]);
  });

  it('leaves a call with its own Authorization untouched', async () => {
    const response = await fetch(`${origin}/api/scheduling/v1/holds`, { method: 'POST', headers: { authorization: 'Bearer of-the-caller', 'content-type': 'application/json' }, body: '{}' });
    expect(echo.parse(await response.json()).authorization).toBe('Bearer of-the-caller');
  });

  it('opens an event stream at once, passes each event as it comes, and ends it at the service when the browser leaves', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${origin}/api/scheduling/v1/events`, { signal: leaving.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.getReader();
    const first = reader?.read();
    network.stream.emit('event');
    expect(Buffer.from((await first)?.value ?? []).toString()).toBe('data: one\n\n');
    const closed = once(network.stream, 'closed');
    leaving.abort();
    await closed;
  });

  it('says which service is down and what to do', async () => {
    const response = await fetch(`${origin}/api/reminders/v1/timers`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const told = problem.parse(await response.json());
    expect(told).toMatchObject({ code: 'service-unavailable', service: 'reminders' });
    expect(told.detail).toMatch(/reminders service is not there.*nothing was carried out.*\/health\/ready/);
  });

  it('reads once more where a connection broke off, and never repeats what may have changed something', async () => {
    network.faults.breaksOff = 1;
    expect((await fetch(`${origin}/api/scheduling/v1/breaks-off`)).status).toBe(200);
    network.faults.breaksOff = 1;
    const response = await fetch(`${origin}/api/scheduling/v1/breaks-off`, { method: 'POST', headers: { authorization: 'Bearer x' }, body: 'x' });
    expect([response.status, network.faults.breaksOff]).toEqual([502, 0]);
    expect(problem.parse(await response.json())).toMatchObject({ code: 'service-broke-off', service: 'scheduling', detail: expect.stringContaining('same Idempotency-Key') });
  });

  it('has no way to what is not in its table', async () => {
    for (const path of ['/api/billing/v1/x', '/2010-04-01/Accounts.json', '/metrics', '/clock', '/idle']) {
      const response = await fetch(origin + path);
      expect([path, response.status, problem.parse(await response.json()).code]).toEqual([path, 404, 'not-found']);
    }
    expect((await fetch(`${origin}/api/scheduling/..%2f..%2fmetrics`)).status).toBe(400);
  });

  it("P24: does not repeat a patient's key where an address cannot be read or leads nowhere", async () => {
    const token = randomBytes(55).toString('base64url');
    for (const [path, status] of [[`/a/${token}/%zz`, 400], [`/A/${token}`, 404], [`/${token}?lang=es`, 404]] as const) {
      const response = await fetch(origin + path);
      const text = await response.text();
      expect([path, response.status, text.includes(token), problem.parse(JSON.parse(text)).status]).toEqual([path, status, false, status]);
    }
  });

  it('has no way to the sandbox in production, and believes a load balancer only where it is told to', async () => {
    const second = await freePort();
    const { SANDBOX_URL: _absent, ...others } = network.environment;
    const production = await startGateway(second, { ...others, MODE: 'production', BEHIND_PROXY: 'true', OIDC_ISSUER: `${origin}/sandbox/oidc` });
    try {
      expect((await fetch(`http://localhost:${second}/sandbox`)).status).toBe(404);
      await fetch(`http://localhost:${second}/api/scheduling/v1/openings`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
      expect(network.scheduling.seen.at(-1)?.headers['x-forwarded-for']).toMatch(/^203\.0\.113\.9, (?:127\.0\.0\.1|::1)$/);
    } finally {
      await production.close();
    }
  });
});
