import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

export interface Person {
  readonly practice: string | null;
  readonly roles: readonly string[];
}

interface DeskWork { readonly subject: string; readonly from: string; readonly practice: string; readonly desk: string; readonly readings?: readonly { readonly id: string; readonly patient: string }[] }

/** An OpenID issuer, whose tokens by client credentials are those of one of our own services, and scheduling's answers about people and patient keys, for services that verify tokens and ask scheduling. */
export interface IdentityStandIn {
  /** OIDC_*, CLIENT_* and SCHEDULING_URL for the service under test. */
  readonly environment: Readonly<Record<string, string>>;
  /** `people` by subject; may change while it runs. */
  readonly people: Map<string, Person>;
  /** Data keys by patient, base64; a missing one is answered 410. */
  readonly patientKeys: Map<string, string>;
  /** Agreements by `<subject> of <practice> for <practice>'s <list>`: who may work whose list. */
  readonly deputies: Map<string, string>;
  /** Patients who restrict that anything about them goes to a partner. */
  readonly restricted: Set<string>;
  /** What was logged as shown to people of partners. */
  readonly disclosed: { readonly id: string; readonly patient: string; readonly to: string }[];
  tokenFor(subject: string): Promise<string>;
  stop(): Promise<void>;
}

export async function identityStandIn(): Promise<IdentityStandIn> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' };
  const people = new Map<string, Person>();
  const patientKeys = new Map<string, string>();
  const deputies = new Map<string, string>();
  const restricted = new Set<string>();
  const disclosed: { id: string; patient: string; to: string }[] = [];
  let url = '';
  const token = (claims: Record<string, string>): Promise<string> => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'test' }).setIssuer(url).setAudience('slotmesh').setIssuedAt().setExpirationTime('1h').sign(privateKey);

  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const path = request.url ?? '';
    if (path === '/jwks') return send(200, { keys: [jwk] });
    if (path === '/token') return send(200, { access_token: await token({ client_id: 'scheduling', sub: 'scheduling' }), expires_in: 3_600, token_type: 'Bearer' });
    if (path.startsWith('/api/scheduling/v1/desk-work/')) {
      const asked: DeskWork = JSON.parse(await text(request));
      const agreement = deputies.get(`${asked.subject} of ${asked.from} for ${asked.practice}'s ${asked.desk}`);
      if (path.endsWith('/questions')) return send(200, agreement ? { allowed: true, agreement } : { allowed: false, reason: 'not-named', partner: true });
      const shown = (asked.readings ?? []).filter(({ patient }) => agreement !== undefined && !restricted.has(patient));
      disclosed.push(...shown.map((reading) => ({ ...reading, to: asked.from })));
      return send(200, { ids: shown.map((reading) => reading.id) });
    }
    const [, kind, id = ''] = /^\/api\/scheduling\/v1\/(subjects|patient-keys)\/(.+)$/.exec(path) ?? [];
    const name = decodeURIComponent(id);
    if (kind === 'subjects') {
      const person = people.get(name);
      return person ? send(200, { subject: name, ...person }) : send(404, {});
    }
    const key = patientKeys.get(name);
    return kind === 'patient-keys' && key ? send(200, { key }) : send(kind ? 410 : 404, {});
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    environment: { OIDC_ISSUER: url, OIDC_JWKS_URI: `${url}/jwks`, OIDC_TOKEN_URL: `${url}/token`, OIDC_AUDIENCE: 'slotmesh', CLIENT_ID: 'scheduling', CLIENT_SECRET: 'secret', SCHEDULING_URL: url },
    people,
    patientKeys,
    deputies,
    restricted,
    disclosed,
    tokenFor: (subject) => token({ sub: subject }),
    stop: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
