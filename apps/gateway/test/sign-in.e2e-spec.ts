import { problem } from '@slotmesh/platform';
import { z } from 'zod';
import { BrowserLike } from './browser-like';
import { type NetworkUnderTest, startNetwork } from './network-under-test';

const echo = z.object({ authorization: z.string().nullable() });
const sessionAnswer = z.object({ signedIn: z.boolean(), email: z.string().optional() }).loose();

describe('the gateway for a browser', () => {
  let network: NetworkUnderTest;
  let origin: string;
  beforeAll(async () => {
    network = await startNetwork();
    ({ origin } = network);
  });
  afterAll(() => network?.stop());

  it('signs in by the provider that is reached through itself, comes back to the page, and adds the token to calls', async () => {
    const browser = new BrowserLike(origin);
    expect(await browser.signIn('frontdesk@harbor.example')).toBe('/console/search?service=echo');
    expect(sessionAnswer.parse(await (await browser.fetch('/auth/session')).json())).toMatchObject({ signedIn: true, email: 'frontdesk@harbor.example', practice: 'harbor', roles: ['front-desk'], permissions: expect.arrayContaining(['appointments:book']) });
    const answer = await browser.fetch('/api/scheduling/v1/openings');
    expect(echo.parse(await answer.json()).authorization).toMatch(/^Bearer \S+$/);
    expect(network.scheduling.seen.at(-1)?.headers.cookie ?? '').not.toContain('slotmesh');
  });

  it('refuses a change that no page of ours sent', async () => {
    const browser = new BrowserLike(origin);
    await browser.signIn('frontdesk@harbor.example');
    const csrf = browser.cookies.get('slotmesh-csrf') ?? '';
    const post = (headers: Record<string, string>) => browser.fetch('/api/scheduling/v1/holds', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });
    const before = network.scheduling.seen.length;
    for (const headers of [{}, { origin }, { 'x-csrf-token': csrf }, { origin: 'https://evil.example', 'x-csrf-token': csrf }, { origin, 'x-csrf-token': 'guessed' }] as Record<string, string>[]) {
      const response = await post(headers);
      expect([headers, response.status, problem.parse(await response.json()).code]).toEqual([headers, 403, 'csrf-refused']);
    }
    expect(network.scheduling.seen.length).toBe(before);
    expect((await post({ origin, 'x-csrf-token': csrf })).status).toBe(200);
    expect(network.scheduling.seen.at(-1)?.headers['x-csrf-token']).toBeUndefined();
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
    await network.restartGateway();
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
