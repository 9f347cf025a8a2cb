import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { problem } from '@slotmesh/platform';
import { z } from 'zod';
import { BrowserLike } from './browser-like';
import { startLocalProvider } from './local-provider';
import { CLIENT_SECRET, freePort, startGateway } from './running-gateway';
import { type StandInService, startService } from './stand-in-service';

const echo = z.object({ authorization: z.string().nullable() });
const sessionAnswer = z.object({ signedIn: z.boolean(), email: z.string().optional() }).loose();

describe('the gateway', () => {
  const streamBell = new EventEmitter();
  let scheduling: StandInService;
  let notifications: StandInService;
  let sandbox: StandInService;
  let gateway: NestFastifyApplication;
  let upstreams: Record<string, string>;
  let port: number;
  let origin: string;
  let closedStreams = 0;
  let breaksOff = 0;

  beforeAll(async () => {
    port = await freePort();
    origin = `http://localhost:${port}`;
    notifications = await startService();
    scheduling = await startService((request, response) => {
      if (request.url === '/api/scheduling/v1/breaks-off' && breaksOff-- > 0) {
        request.socket.destroy();
        return true;
      }
      if (request.url?.startsWith('/api/scheduling/v1/subjects/')) {
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ subject: 'frontdesk@harbor.example', practice: 'harbor', roles: ['front-desk'] }));
        return true;
      }
      if (request.url !== '/api/scheduling/v1/events') return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      const wanted = once(streamBell, 'event');
      void wanted.then(() => response.write('data: one\n\n'));
      response.on('close', () => { closedStreams++; streamBell.emit('closed'); });
      return true;
    });
    sandbox = await startLocalProvider(origin, CLIENT_SECRET);
    // Reminders is down: nothing listens there.
    upstreams = { SCHEDULING_URL: scheduling.url, REMINDERS_URL: `http://127.0.0.1:${await freePort()}`, NOTIFICATIONS_URL: notifications.url, CAPACITY_URL: scheduling.url, SANDBOX_URL: sandbox.url };
    gateway = await startGateway(port, upstreams);
  });
  afterAll(async () => {
    await gateway?.close();
    await Promise.all([scheduling, notifications, sandbox].map((service) => service?.stop()));
  });

  describe('as a way through', () => {
    it.each([
      ['application/json', Buffer.from('{ "a" : 1,\n"b":"\\u00e9" }  ')],
      ['application/x-www-form-urlencoded', Buffer.from('Body=C&From=%2B16175550123&Empty=&Body=twice')],
      ['application/octet-stream', randomBytes(3_000_000)],
    ])('passes a body of type %s unchanged, because webhook signatures are made over it', async (type, body) => {
      const response = await fetch(`${origin}/webhooks/twilio/inbound?a=1&a=%20b`, { method: 'POST', headers: { 'content-type': type, 'x-twilio-signature': 'sig=' }, body });
      expect(response.status).toBe(200);
      const seen = notifications.seen.at(-1);
      expect(seen).toMatchObject({ method: 'POST', url: '/webhooks/twilio/inbound?a=1&a=%20b', sha256: createHash('sha256').update(body).digest('hex') });
      expect(seen?.headers).toMatchObject({ 'content-type': type, 'x-twilio-signature': 'sig=', 'x-forwarded-host': `localhost:${port}`, 'x-forwarded-proto': 'http' });
    });

    it('takes off what only we may set, and says who really called', async () => {
      await fetch(`${origin}/api/scheduling/v1/openings`, { headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example', forwarded: 'for=1.2.3.4', 'x-slotmesh-practice': 'summit', 'x-internal-actor': 'operator', 'x-request-id': 'kept' } });
      const headers = scheduling.seen.at(-1)?.headers ?? {};
      expect(headers['x-forwarded-for']).toMatch(/127\.0\.0\.1|::1/);
      expect(headers['x-forwarded-host']).toBe(`localhost:${port}`);
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
      streamBell.emit('event');
      expect(Buffer.from((await first)?.value ?? []).toString()).toBe('data: one\n\n');
      const closed = once(streamBell, 'closed');
      leaving.abort();
      await closed;
      expect(closedStreams).toBe(1);
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
      breaksOff = 1;
      expect((await fetch(`${origin}/api/scheduling/v1/breaks-off`)).status).toBe(200);
      breaksOff = 1;
      const response = await fetch(`${origin}/api/scheduling/v1/breaks-off`, { method: 'POST', headers: { authorization: 'Bearer x' }, body: 'x' });
      expect([response.status, breaksOff]).toEqual([502, 0]);
      expect(problem.parse(await response.json())).toMatchObject({ code: 'service-broke-off', service: 'scheduling', detail: expect.stringContaining('same Idempotency-Key') });
    });

    it('has no way to what is not in its table', async () => {
      for (const path of ['/api/billing/v1/x', '/2010-04-01/Accounts.json', '/metrics', '/clock', '/idle']) {
        const response = await fetch(origin + path);
        expect([path, response.status, problem.parse(await response.json()).code]).toEqual([path, 404, 'not-found']);
      }
      expect((await fetch(`${origin}/api/scheduling/..%2f..%2fmetrics`)).status).toBe(400);
    });
  });

  describe('for a browser', () => {
    it('signs in by the provider that is reached through itself, comes back to the page, and adds the token to calls', async () => {
      const browser = new BrowserLike(origin);
      expect(await browser.signIn('frontdesk@harbor.example')).toBe('/console/search?service=echo');
      expect(sessionAnswer.parse(await (await browser.fetch('/auth/session')).json())).toMatchObject({ signedIn: true, email: 'frontdesk@harbor.example', practice: 'harbor', roles: ['front-desk'], permissions: expect.arrayContaining(['appointments:book']) });
      const answer = await browser.fetch('/api/scheduling/v1/openings');
      expect(echo.parse(await answer.json()).authorization).toMatch(/^Bearer \S+$/);
      expect(scheduling.seen.at(-1)?.headers.cookie ?? '').not.toContain('slotmesh');
    });

    it('refuses a change that no page of ours sent', async () => {
      const browser = new BrowserLike(origin);
      await browser.signIn('frontdesk@harbor.example');
      const csrf = browser.cookies.get('slotmesh-csrf') ?? '';
      const post = (headers: Record<string, string>) => browser.fetch('/api/scheduling/v1/holds', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });
      const before = scheduling.seen.length;
      for (const headers of [{}, { origin }, { 'x-csrf-token': csrf }, { origin: 'https://evil.example', 'x-csrf-token': csrf }, { origin, 'x-csrf-token': 'guessed' }] as Record<string, string>[]) {
        const response = await post(headers);
        expect([headers, response.status, problem.parse(await response.json()).code]).toEqual([headers, 403, 'csrf-refused']);
      }
      expect(scheduling.seen.length).toBe(before);
      expect((await post({ origin, 'x-csrf-token': csrf })).status).toBe(200);
      expect(scheduling.seen.at(-1)?.headers['x-csrf-token']).toBeUndefined();
      // A token that a neighbouring host planted in cookie and header does not belong to this session.
      browser.cookies.set('slotmesh-csrf', 'planted');
      expect((await post({ origin, 'x-csrf-token': 'planted' })).status).toBe(403);
    });

    it('renews a token once for calls that arrive together', async () => {
      const browser = new BrowserLike(origin);
      await browser.signIn('frontdesk@harbor.example');
      const tokens = await Promise.all(Array.from({ length: 6 }, async () => echo.parse(await (await browser.fetch('/api/scheduling/v1/openings')).json()).authorization));
      expect(new Set(tokens).size).toBe(1);
      const later = echo.parse(await (await browser.fetch('/api/scheduling/v1/openings')).json()).authorization;
      expect(later).not.toBeNull();
      expect(later).not.toBe(tokens[0]);
    });

    it('keeps the session through a restart, because it is sealed into the cookie', async () => {
      const browser = new BrowserLike(origin);
      await browser.signIn('frontdesk@harbor.example');
      await gateway.close();
      gateway = await startGateway(port, upstreams);
      expect(sessionAnswer.parse(await (await browser.fetch('/auth/session')).json()).signedIn).toBe(true);
    });

    it('signs out with the CSRF token only, and sends the browser to the provider', async () => {
      const browser = new BrowserLike(origin);
      await browser.signIn('frontdesk@harbor.example');
      expect((await browser.fetch('/auth/logout', { method: 'POST', headers: { origin } })).status).toBe(403);
      const response = await browser.fetch('/auth/logout', { method: 'POST', headers: { origin, 'x-csrf-token': browser.cookies.get('slotmesh-csrf') ?? '' } });
      expect(z.object({ location: z.string() }).parse(await response.json()).location).toContain('/sandbox/oidc/session/end');
      expect([...browser.cookies.keys()].filter((name) => name.startsWith('slotmesh'))).toEqual([]);
      expect(sessionAnswer.parse(await (await browser.fetch('/auth/session')).json())).toEqual({ signedIn: false });
    });

    it('tells the person when a sign-in was left too long or is not ours', async () => {
      const response = await fetch(`${origin}/auth/callback?state=unknown&code=x`, { redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/console/?sign-in=expired']);
    });

    it('marks its cookies so that no script and no other site can use them', async () => {
      const response = await fetch(`${origin}/auth/login`, { redirect: 'manual' });
      expect(response.headers.getSetCookie()[0]).toMatch(/^slotmesh-sign-in-\S+; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/);
      const location = new URL(response.headers.get('location') ?? '');
      expect(location.searchParams.get('code_challenge_method')).toBe('S256');
      for (const name of ['state', 'nonce', 'code_challenge']) expect(location.searchParams.get(name)).toMatch(/.{20,}/);
    });
  });

  describe('about itself', () => {
    it('is ready only when every service is, and names the one that is not', async () => {
      const response = await fetch(`${origin}/health/ready`);
      expect(response.status).toBe(503);
      const { services } = z.object({ services: z.array(z.object({ service: z.string(), ready: z.boolean(), detail: z.string() })) }).parse(await response.json());
      expect(services.filter((service) => !service.ready)).toEqual([{ service: 'reminders', ready: false, detail: 'does not answer' }]);
      expect((await fetch(`${origin}/health/live`)).status).toBe(200);
    });

    it('gives the time', async () => {
      const { now, ...rest } = z.object({ now: z.iso.datetime(), offsetMs: z.number(), sandbox: z.boolean() }).parse(await (await fetch(`${origin}/api/clock`)).json());
      expect(rest).toEqual({ offsetMs: 0, sandbox: true });
      expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5_000);
    });

    it('shows the API documents without anything from elsewhere', async () => {
      const response = await fetch(`${origin}/docs`);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const page = await response.text();
      expect(page).toContain('/api/scheduling/v1/openapi.json');
      expect(page).not.toMatch(/(?:src|href)="https?:/);
      expect((await fetch(`${origin}/docs/nonsense`)).status).toBe(404);
      expect((await fetch(`${origin}/docs/reminders`)).status).toBe(503);
      expect(await (await fetch(`${origin}/docs/events`)).text()).toContain('scheduling.appointment.v1');
      expect(await (await fetch(`${origin}/docs/gateway`)).text()).toContain('<code>/auth/callback</code>');
    });
  });

  it('has no way to the sandbox in production, and believes a load balancer only where it is told to', async () => {
    const second = await freePort();
    const { SANDBOX_URL: _absent, ...others } = upstreams;
    const production = await startGateway(second, { ...others, MODE: 'production', BEHIND_PROXY: 'true', OIDC_ISSUER: `${origin}/sandbox/oidc` });
    try {
      expect((await fetch(`http://localhost:${second}/sandbox`)).status).toBe(404);
      await fetch(`http://localhost:${second}/api/scheduling/v1/openings`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
      expect(scheduling.seen.at(-1)?.headers['x-forwarded-for']).toMatch(/^203\.0\.113\.9, (?:127\.0\.0\.1|::1)$/);
    } finally {
      await production.close();
    }
  });
});
