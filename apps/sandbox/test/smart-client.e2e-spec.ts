import { randomUUID } from 'node:crypto';
import { TokenVerifier } from '@slotmesh/security';
import { type TestDatabase } from '@slotmesh/testing';
import { type JWK, SignJWT, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { type RunningSandbox, sandboxDatabase, startSandbox } from './sandbox-under-test';

const known = z.object({ clientId: z.string(), tokenUrl: z.string(), jwks: z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string() })) }) });

// Why: Jest's own comes from another realm, whose objects the provider takes for none of its own; what it clones here is plain data.
const plainClone = <T>(value: T): T => (Array.isArray(value) ? value.map(plainClone) : value !== null && typeof value === 'object' && !(value instanceof Set) ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainClone(part)])) : value) as T;
globalThis.structuredClone = plainClone;

describe("harbor's practice system at the provider (SMART Backend Services)", () => {
  let database: TestDatabase;
  let sandbox: RunningSandbox;
  let client: z.output<typeof known>;

  beforeAll(async () => {
    database = await sandboxDatabase();
    sandbox = await startSandbox(database);
    client = known.parse((await sandbox.call('GET', '/sandbox/smart-client')).body);
  });
  afterAll(async () => {
    await sandbox?.stop();
    await database?.drop();
  });

  const keyOf = (alg: string) => client.jwks.keys.find((key) => key.alg === alg)!;
  const assertion = async (jwk: JWK & { alg: string }, change: { audience?: string; jti?: string } = {}): Promise<string> =>
    new SignJWT({}).setProtectedHeader({ alg: jwk.alg, kid: jwk.kid!, typ: 'JWT' }).setIssuer(client.clientId).setSubject(client.clientId).setAudience(change.audience ?? client.tokenUrl).setJti(change.jti ?? randomUUID()).setIssuedAt().setExpirationTime('4m').sign(await importJWK(jwk, jwk.alg));
  const ask = async (signed: string, scope: string) => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: signed });
    const response = await fetch(client.tokenUrl, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form.toString() });
    return { status: response.status, body: z.looseObject({ access_token: z.string().optional(), scope: z.string().optional(), expires_in: z.number().optional() }).parse(await response.json()) };
  };
  const verifier = () => new TokenVerifier({ OIDC_ISSUER: `${sandbox.config.PUBLIC_URL}/sandbox/oidc`, OIDC_JWKS_URI: `${sandbox.config.PUBLIC_URL}/sandbox/oidc/jwks`, OIDC_AUDIENCE: 'slotmesh' });

  it.each(['RS384', 'ES384'])('gets a token by an assertion that is signed with %s, with the scopes of a system that it asked for and no others', async (alg) => {
    const { status, body } = await ask(await assertion(keyOf(alg)), 'system/Appointment.cruds system/Slot.read openid slotmesh user/*.read');
    expect([status, body.scope]).toEqual([200, 'system/Appointment.cruds system/Slot.read']);
    expect(await verifier().verify(body.access_token!)).toMatchObject({ subject: null, client: 'harbor-ehr', scopes: ['system/Appointment.cruds', 'system/Slot.read'] });
  });

  it('gets none by an assertion that was used before, is meant for another place, or is signed by somebody else', async () => {
    const once = await assertion(keyOf('ES384'));
    expect((await ask(once, 'system/Slot.rs')).status).toBe(200);
    const { privateKey } = await generateKeyPair('ES384', { extractable: true });
    const stranger = { ...(await exportJWK(privateKey)), kid: keyOf('ES384').kid, alg: 'ES384' };
    for (const refused of [once, await assertion(keyOf('ES384'), { audience: 'https://elsewhere.example/token' }), await assertion(stranger)]) expect((await ask(refused, 'system/Slot.rs')).status).toBe(401);
  });
});
