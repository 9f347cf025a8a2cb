import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { TokenVerifier } from './token-verifier';

const settings = { OIDC_ISSUER: 'https://issuer.example', OIDC_JWKS_URI: 'https://issuer.example/jwks', OIDC_AUDIENCE: 'slotmesh' };

async function issuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const local = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
  const state = { asked: 0, withdrawn: false };
  const keys: ConstructorParameters<typeof TokenVerifier>[1] = (header, token) => {
    state.asked += 1;
    if (state.withdrawn) throw new Error('this key was withdrawn');
    return local(header, token);
  };
  const sign = (expiresInSeconds: number): Promise<string> =>
    new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: 'one' }).setIssuer(settings.OIDC_ISSUER).setAudience(settings.OIDC_AUDIENCE).setSubject('desk').setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInSeconds).sign(privateKey);
  return { state, sign, verifier: new TokenVerifier(settings, keys) };
}

describe('a bearer token', () => {
  afterEach(() => jest.useRealTimers());

  it('is checked once for the requests of a moment, and again after it: a withdrawn key counts half a minute longer at the most', async () => {
    jest.useFakeTimers({ now: Date.now(), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout'] });
    const { state, sign, verifier } = await issuer();
    const token = await sign(600);
    for (let i = 0; i < 5; i += 1) expect((await verifier.verify(token)).subject).toBe('desk');
    expect(state.asked).toBe(1);
    state.withdrawn = true;
    jest.setSystemTime(Date.now() + 30_001);
    await expect(verifier.verify(token)).rejects.toThrow('not valid here');
  });

  it('is refused after its end, however often it was good before', async () => {
    jest.useFakeTimers({ now: Date.now(), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout'] });
    const { sign, verifier } = await issuer();
    const token = await sign(10);
    expect((await verifier.verify(token)).subject).toBe('desk');
    jest.setSystemTime(Date.now() + 16_000);
    await expect(verifier.verify(token)).rejects.toThrow('expired');
  });

  it('that differs from a good one in its signature is refused each time', async () => {
    const { sign, verifier } = await issuer();
    const token = await sign(600);
    await verifier.verify(token);
    const forged = `${token.slice(0, -6)}${token.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'}`;
    for (let i = 0; i < 2; i += 1) await expect(verifier.verify(forged)).rejects.toThrow('not valid here');
  });
});
