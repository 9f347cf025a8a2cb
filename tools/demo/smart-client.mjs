import { SignJWT, importJWK } from 'jose';
import { randomUUID } from 'node:crypto';
import { Refused, send } from './stack.mjs';

/** A token of the sandbox's practice system by SMART Backend Services: it signs who it is by its own key, for five minutes and one use.
 * @param {string} client @param {readonly string[]} [scopes] @param {'RS384' | 'ES384'} [alg] */
export async function systemToken(client, scopes = [], alg = 'ES384') {
  const known = await send('/sandbox/smart-client');
  if (known.status !== 200) throw new Refused(known.status, { code: 'no-sandbox' });
  const { clientId, tokenUrl, jwks } = known.body;
  if (client !== clientId) throw new Error(`No system is called ${client} here. Known is ${clientId}; people are called such as frontdesk@harbor.example.`);
  const jwk = jwks.keys.find((/** @type {{ alg: string }} */ key) => key.alg === alg);
  const assertion = await new SignJWT({}).setProtectedHeader({ alg, kid: jwk.kid, typ: 'JWT' }).setIssuer(clientId).setSubject(clientId).setAudience(tokenUrl).setJti(randomUUID()).setIssuedAt().setExpirationTime('5m').sign(await importJWK(jwk, alg));
  const form = new URLSearchParams({
    grant_type: 'client_credentials', scope: scopes.length > 0 ? scopes.join(' ') : 'system/*.cruds',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion,
  });
  const { status, body } = await send('/sandbox/oidc/token', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form });
  if (status !== 200 || !body.access_token) throw new Refused(status, { code: body.error, detail: body.error_description ?? `no token for ${client}` });
  return body.access_token;
}
