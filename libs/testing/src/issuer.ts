import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type JWK, SignJWT, decodeJwt, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose';

/** A token issuer for tests: publishes real keys over HTTP, signs real tokens, answers client credentials. */
export interface TestIssuer {
  /** What a service's environment needs to trust it. */
  readonly environment: { readonly OIDC_ISSUER: string; readonly OIDC_JWKS_URI: string; readonly OIDC_TOKEN_URL: string; readonly OIDC_AUDIENCE: string };
  /** A bearer token of a person, such as `frontdesk@harbor.example`. */
  tokenOf(subject: string, options?: { readonly audience?: string; readonly expiresInSeconds?: number }): Promise<string>;
  serviceToken(client: string): Promise<string>;
  /** Lets a practice's system fetch tokens by an assertion that it signs by its key (RFC 7523), with the scopes that it asks for. */
  registerSystem(client: string, publicKey: JWK): void;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  let url = '';
  const sign = (claims: Record<string, unknown>, audience = 'slotmesh', seconds = 3_600): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'test' }).setIssuer(url).setAudience(audience).setIssuedAt().setExpirationTime(Math.floor(Date.now() / 1000) + seconds).sign(privateKey);
  const serviceToken = (client: string): Promise<string> => sign({ sub: client, client_id: client });
  const systems = new Map<string, JWK>();
  const used = new Set<string>();
  const systemToken = async (form: URLSearchParams): Promise<string> => {
    const assertion = form.get('client_assertion') ?? '';
    const { payload } = await jwtVerify(assertion, async (header) => importJWK(systems.get(claimedIssuer(assertion)) ?? {}, header.alg), { audience: `${url}/token`, algorithms: ['RS384', 'ES384'], maxTokenAge: '5m' });
    if (!payload.jti || used.has(payload.jti) || payload.iss !== payload.sub || !payload.sub) throw new Error('not an assertion of a system');
    used.add(payload.jti);
    return sign({ sub: payload.sub, client_id: payload.sub, scope: form.get('scope') ?? '' });
  };
  const server: Server = createServer((request, response) => {
    const reply = (body: unknown): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (request.url === '/jwks') return reply({ keys: [jwk] });
    if (request.headers.authorization === undefined) {
      void text(request).then((body) => systemToken(new URLSearchParams(body))).then((token) => reply({ access_token: token, expires_in: 3_600, token_type: 'Bearer' }), () => void response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}'));
      return;
    }
    const client = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8').split(':')[0] ?? 'unknown';
    void serviceToken(client).then((token) => reply({ access_token: token, expires_in: 3_600, token_type: 'Bearer' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: { OIDC_ISSUER: url, OIDC_JWKS_URI: `${url}/jwks`, OIDC_TOKEN_URL: `${url}/token`, OIDC_AUDIENCE: 'slotmesh' },
    tokenOf: (subject, options = {}) => sign({ sub: subject }, options.audience, options.expiresInSeconds),
    serviceToken,
    registerSystem: (client, publicKey) => void systems.set(client, publicKey),
    close: () => new Promise((resolve, reject) => {
      server.closeAllConnections();
      server.close((error) => (error ? reject(error) : resolve()));
    }),
  };
}

const claimedIssuer = (assertion: string): string => decodeJwt(assertion).iss ?? '';
