import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import { signIn } from './people';
import { RESOURCE, resourceServer } from './provider-settings';

/** The password grant (RFC 6749 section 4.3), only here and only for invented people: `npm run token` needs a token without a browser. */
export function allowPasswordGrant(provider: Provider): void {
  provider.registerGrantType<{ username?: string; password?: string }>('password', (ctx) => passwordGrant(provider, ctx), ['username', 'password']);
}

async function passwordGrant(provider: Provider, ctx: TokenEndpointGrantContext<{ username?: string; password?: string }>): Promise<void> {
  const { client, params } = ctx.oidc;
  const person = signIn(params.username ?? '', params.password ?? '');
  if (!person) throw new errors.InvalidGrant('nobody of this name and password is known here');
  const grant = new provider.Grant({ clientId: client.clientId, accountId: person.email });
  grant.addResourceScope(RESOURCE, 'slotmesh');
  const token = new provider.AccessToken({ accountId: person.email, client, grantId: await grant.save(), gty: 'password' });
  token.resourceServer = new provider.ResourceServer(RESOURCE, resourceServer);
  ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration };
}
