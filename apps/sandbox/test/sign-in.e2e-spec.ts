import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { TokenVerifier, ServiceTokens } from '@slotmesh/security';
import { type TestDatabase } from '@slotmesh/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { CookieBrowser } from './cookie-browser';
import { CLIENT_SECRET, type RunningSandbox, sandboxDatabase, startSandbox } from './sandbox-under-test';

const run = promisify(execFile);
const TOKEN_TOOL = resolve(__dirname, '../../../tools/demo/token.mjs');

describe('the OpenID provider, with the real client', () => {
  let database: TestDatabase;
  let sandbox: RunningSandbox;
  let configuration: oidc.Configuration;

  beforeAll(async () => {
    database = await sandboxDatabase();
    sandbox = await startSandbox(database);
    configuration = await discover();
  });
  afterAll(async () => {
    await sandbox?.stop();
    await database?.drop();
  });
  beforeEach(() => sandbox.call('DELETE', '/sandbox/api/faults'));

  const issuer = () => `${sandbox.config.PUBLIC_URL}/sandbox/oidc`;
  const discover = () => oidc.discovery(new URL(issuer()), 'gateway', CLIENT_SECRET, oidc.ClientSecretBasic(CLIENT_SECRET), { execute: [oidc.allowInsecureRequests] });
  const verifier = () => new TokenVerifier({ OIDC_ISSUER: issuer(), OIDC_JWKS_URI: `${issuer()}/jwks`, OIDC_AUDIENCE: 'slotmesh' });
  const tokenOf = async (person: string) => (await run(process.execPath, [TOKEN_TOOL, person], { env: { ...process.env, PUBLIC_URL: sandbox.config.PUBLIC_URL } })).stdout.trim();

  async function signIn(browser: CookieBrowser, email: string, password = 'slotmesh') {
    const verifierCode = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${sandbox.config.PUBLIC_URL}/auth/callback`, scope: 'openid profile email offline_access', state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifierCode), code_challenge_method: 'S256',
    });
    const page = await browser.go(url.href);
    if (page.status !== 200) return { page, tokens: async () => oidc.authorizationCodeGrant(configuration, new URL(page.location ?? ''), { pkceCodeVerifier: verifierCode, expectedState: state }) };
    const answer = await browser.go(page.url, { email, password });
    return { page: answer, tokens: async () => oidc.authorizationCodeGrant(configuration, new URL(answer.location ?? ''), { pkceCodeVerifier: verifierCode, expectedState: state }) };
  }

  it('signs a person in with code and PKCE, and knows the browser afterwards', async () => {
    const browser = new CookieBrowser(`${sandbox.config.PUBLIC_URL}/auth/`);
    const first = await signIn(browser, 'frontdesk@harbor.example');
    const tokens = await first.tokens();
    expect(tokens.claims()).toMatchObject({ sub: 'frontdesk@harbor.example', email: 'frontdesk@harbor.example', name: 'Front desk, Harbor Family Medicine' });
    expect(await verifier().verify(tokens.access_token)).toMatchObject({ subject: 'frontdesk@harbor.example', client: 'gateway' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: 'slotmesh', iss: issuer() });
    expect(tokens.expires_in).toBe(3600);
    const renewed = await oidc.refreshTokenGrant(configuration, String(tokens.refresh_token));
    expect(await verifier().verify(renewed.access_token)).toMatchObject({ subject: 'frontdesk@harbor.example' });
    const again = await signIn(browser, 'nobody');
    expect((await again.tokens()).claims()?.sub).toBe('frontdesk@harbor.example');
  });

  it('shows a clean page and says when the password is wrong', async () => {
    const refused = await signIn(new CookieBrowser(`${sandbox.config.PUBLIC_URL}/auth/`), 'frontdesk@harbor.example', 'guess');
    expect(refused.page.status).toBe(401);
    expect(refused.page.body).toContain('do not belong together');
    expect(refused.page.body).toContain('value="frontdesk@harbor.example"');
    const lost = await new CookieBrowser('').go(`${issuer()}/interaction/unknown`);
    expect(lost).toMatchObject({ status: 400, body: expect.stringContaining('has ended') });
  });

  it('demands PKCE', async () => {
    const url = oidc.buildAuthorizationUrl(configuration, { redirect_uri: `${sandbox.config.PUBLIC_URL}/auth/callback`, scope: 'openid', state: 'a-state' });
    const answer = await new CookieBrowser(`${sandbox.config.PUBLIC_URL}/auth/`).go(url.href);
    expect(new URL(answer.location ?? '').searchParams.get('error')).toBe('invalid_request');
  });

  it('gives services their own tokens', async () => {
    const tokens = new ServiceTokens({ OIDC_TOKEN_URL: `${issuer()}/token`, OIDC_AUDIENCE: 'slotmesh', CLIENT_ID: 'reminders', CLIENT_SECRET });
    const token = await tokens.token();
    expect(await verifier().verify(token)).toMatchObject({ subject: null, client: 'reminders' });
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    const wrong = new ServiceTokens({ OIDC_TOKEN_URL: `${issuer()}/token`, OIDC_AUDIENCE: 'slotmesh', CLIENT_ID: 'reminders', CLIENT_SECRET: 'not the secret' });
    await expect(wrong.token()).rejects.toThrow('401');
  });

  it('npm run token prints the token of a person, and says what is wrong', async () => {
    const token = await tokenOf('auditor@lakeside.example');
    expect(await verifier().verify(token)).toMatchObject({ subject: 'auditor@lakeside.example', client: 'slotmesh-cli' });
    await expect(tokenOf('nobody@harbor.example')).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Nobody is called nobody@harbor.example') });
    const away = run(process.execPath, [TOKEN_TOOL, 'frontdesk@harbor.example'], { env: { ...process.env, PUBLIC_URL: 'http://127.0.0.1:9' } });
    await expect(away).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('npm start') });
  });

  it('tokens, sessions and refresh tokens survive a restart', async () => {
    const browser = new CookieBrowser(`${sandbox.config.PUBLIC_URL}/auth/`);
    const tokens = await (await signIn(browser, 'manager@summit.example')).tokens();
    const port = new URL(sandbox.config.PUBLIC_URL).port;
    await sandbox.stop();
    sandbox = await startSandbox(database, { PORT: port });
    expect(await verifier().verify(tokens.access_token)).toMatchObject({ subject: 'manager@summit.example' });
    expect((await oidc.refreshTokenGrant(configuration, String(tokens.refresh_token))).access_token).toBeTruthy();
    expect((await (await signIn(browser, 'nobody')).tokens()).claims()?.sub).toBe('manager@summit.example');
  });

  it('has one issuer, whatever name it is asked by', async () => {
    const response = await fetch(`http://localhost:${sandbox.config.PORT}/sandbox/oidc/.well-known/openid-configuration`.replace('localhost', '127.0.0.1'), { headers: { 'x-forwarded-host': 'elsewhere.example' } });
    expect(await response.json()).toMatchObject({ issuer: issuer(), authorization_endpoint: `${issuer()}/auth`, token_endpoint: `${issuer()}/token`, jwks_uri: `${issuer()}/jwks` });
  });

  it.each<[string, number]>([['429', 429], ['500-before', 500], ['500-after', 500]])('fails with %s when told to', async (kind, status) => {
    await sandbox.call('POST', '/sandbox/api/faults', { channel: 'oidc', kind });
    expect((await fetch(`${issuer()}/jwks`)).status).toBe(status);
    expect((await fetch(`${issuer()}/jwks`)).status).toBe(200);
  });

  it('breaks off when told to', async () => {
    await sandbox.call('POST', '/sandbox/api/faults', { channel: 'oidc', kind: 'timeout-after' });
    await expect(fetch(`${issuer()}/jwks`)).rejects.toThrow();
  });
});
