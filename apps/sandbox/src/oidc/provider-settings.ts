import type { JWK } from 'jose';
import type { ClientMetadata, Configuration, KoaContextWithOIDC, ResourceServer } from 'oidc-provider';
import type { SandboxConfig } from '../config';
import { findPerson } from './people';
import { SMART_CLIENT, smartClient, smartScopeOf } from './smart-client';

export const RESOURCE = 'urn:slotmesh:api';
export const TOKEN_CLIENT = 'slotmesh-cli';
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Access tokens for the services: JWTs for audience `slotmesh`, good for an hour of real time (RFC 9068). */
export const resourceServer: ResourceServer = { audience: 'slotmesh', scope: 'slotmesh', accessTokenFormat: 'jwt', accessTokenTTL: HOUR_S, jwt: { sign: { alg: 'RS256' } } };

/** One confidential client per service (client credentials), the gateway's sign-in for people, a practice system that signs by its own keys, and a public one for `npm run token`. */
export function clients(config: SandboxConfig, smartKeys: readonly JWK[]): ClientMetadata[] {
  const services = Object.entries(config.SERVICE_CLIENTS).map(([client_id, client_secret]): ClientMetadata => ({
    client_id, client_secret, token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
    ...(client_id === 'gateway' && {
      client_name: 'Slotmesh',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types: ['code'],
      redirect_uris: [`${config.PUBLIC_URL}/auth/callback`],
      post_logout_redirect_uris: [config.PUBLIC_URL, `${config.PUBLIC_URL}/`],
    }),
  }));
  return [...services, smartClient(smartKeys), { client_id: TOKEN_CLIENT, client_name: 'npm run token', token_endpoint_auth_method: 'none', grant_types: ['password'], response_types: [], redirect_uris: [] }];
}

/** Everything about the provider but its own keys and storage. */
export function providerSettings(config: SandboxConfig, smartKeys: readonly JWK[]): Configuration {
  return {
    clients: clients(config, smartKeys),
    // Why two more than the provider's own: SMART Backend Services wants these.
    enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA', 'RS384', 'ES384'] },
    findAccount: (_ctx, sub) => {
      const person = findPerson(sub);
      return person ? { accountId: person.email, claims: () => ({ sub: person.email, email: person.email, email_verified: true, name: person.name }) } : undefined;
    },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    scopes: ['openid', 'offline_access'],
    conformIdTokenClaims: false,
    interactions: { url: (_ctx, interaction) => `/sandbox/oidc/interaction/${interaction.uid}` },
    loadExistingGrant,
    pkce: { required: () => true },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    ttl: { AccessToken: HOUR_S, ClientCredentials: HOUR_S, AuthorizationCode: 60, IdToken: HOUR_S, Interaction: HOUR_S, Session: 14 * DAY_S, Grant: 14 * DAY_S, RefreshToken: 14 * DAY_S },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource },
      resourceIndicators: { enabled: true, defaultResource: () => RESOURCE, useGrantedResource: () => true, getResourceServerInfo: (ctx, _resource, client) => (client.clientId === SMART_CLIENT ? { ...resourceServer, scope: smartScopeOf(ctx.oidc.params?.['scope']) } : resourceServer) },
    },
    renderError: (ctx, out) => {
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = `Sign-in is not possible: ${out.error}${out.error_description ? ` (${out.error_description})` : ''}. Start again at ${config.PUBLIC_URL}`;
    },
  };
}

/** Why: the one client is the product itself, so nobody is asked for consent. */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc;
  if (!client || !session?.accountId) return undefined;
  const known = session.grantIdFor(client.clientId);
  const found = known ? await provider.Grant.find(known) : undefined;
  if (found) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid email profile offline_access');
  grant.addResourceScope(RESOURCE, 'slotmesh');
  await grant.save();
  return grant;
}

/** Why at once: whoever pressed "sign out" in the product has already said so. */
function logoutSource(ctx: KoaContextWithOIDC, form: string): void {
  ctx.type = 'html';
  ctx.body = `<!doctype html><html lang="en"><title>Signing out</title><body>${form}<script>document.forms[0].insertAdjacentHTML('beforeend','<input type="hidden" name="logout" value="yes">');document.forms[0].submit()</script>
<noscript><button form="op.logoutForm" name="logout" value="yes">Sign out</button></noscript></body></html>`;
}
