import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

/** A token issuer for tests: publishes real keys over HTTP, signs real tokens, answers client credentials. */
export interface TestIssuer {
  /** What a service's environment needs to trust it. */
  readonly environment: { readonly OIDC_ISSUER: string; readonly OIDC_JWKS_URI: string; readonly OIDC_TOKEN_URL: string; readonly OIDC_AUDIENCE: string };
  /** A bearer token of a person, such as `frontdesk@harbor.example`. */
  tokenOf(subject: string, options?: { readonly audience?: string; readonly expiresInSeconds?: number }): Promise<string>;
  serviceToken(client: string): Promise<string>;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  let url = '';
  const sign = (claims: Record<string, unknown>, audience = 'slotmesh', seconds = 3_600): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'test' }).setIssuer(url).setAudience(audience).setIssuedAt().setExpirationTime(Math.floor(Date.now() / 1000) + seconds).sign(privateKey);
  const serviceToken = (client: string): Promise<string> => sign({ sub: client, client_id: client });
  const server: Server = createServer((request, response) => {
    const reply = (body: unknown): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (request.url === '/jwks') return reply({ keys: [jwk] });
    const client = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8').split(':')[0] ?? 'unknown';
    void serviceToken(client).then((token) => reply({ access_token: token, expires_in: 3_600, token_type: 'Bearer' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: { OIDC_ISSUER: url, OIDC_JWKS_URI: `${url}/jwks`, OIDC_TOKEN_URL: `${url}/token`, OIDC_AUDIENCE: 'slotmesh' },
    tokenOf: (subject, options = {}) => sign({ sub: subject }, options.audience, options.expiresInSeconds),
    serviceToken,
    close: () => new Promise((resolve, reject) => {
      server.closeAllConnections();
      server.close((error) => (error ? reject(error) : resolve()));
    }),
  };
}
