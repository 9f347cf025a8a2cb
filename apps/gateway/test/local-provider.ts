import Provider from 'oidc-provider';
import { type Special, type StandInService, startService } from './stand-in-service';

/** A real OpenID provider where the sandbox's stands, below /sandbox/oidc of the gateway's own address. Access tokens last 20 s: every use renews. */
export function startLocalProvider(publicUrl: string, clientSecret: string): Promise<StandInService> {
  const provider = new Provider(`${publicUrl}/sandbox/oidc`, {
    clients: [{ client_id: 'gateway', client_secret: clientSecret, redirect_uris: [`${publicUrl}/auth/callback`], post_logout_redirect_uris: [`${publicUrl}/`], grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] }],
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['only for this test'] },
    ttl: { AccessToken: 20, ClientCredentials: 600, RefreshToken: 3600, Session: 3600, Grant: 3600, Interaction: 3600, IdToken: 3600 },
    features: { clientCredentials: { enabled: true } },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, name: 'Front Desk' }) }),
  });
  provider.proxy = true;
  const answer = provider.callback();
  const special: Special = (request, response) => {
    if (!request.url?.startsWith('/sandbox/oidc')) return false;
    Object.assign(request, { originalUrl: request.url });
    request.url = request.url.slice('/sandbox/oidc'.length) || '/';
    void answer(request, response);
    return true;
  };
  return startService(special);
}
