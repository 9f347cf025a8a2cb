import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DomainError, InfrastructureError } from '@slotmesh/kernel';
import * as client from 'openid-client';
import { z } from 'zod';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config';
import { Provider } from './provider';
import type { PendingSignIn, Session } from './session';

const claims = z.object({ sub: z.string(), name: z.string().optional(), email: z.string().optional() }).loose();
/** A token this close to its end is renewed before it is sent on. */
const RENEW_BEFORE_S = 30;
/** Requests that were on their way with the old cookie share the answer of the first renewal. */
const SHARED_RENEWAL_MS = 60_000;
const seconds = (): number => Math.floor(Date.now() / 1000);

/** The provider answered, and the answer is no. */
export class SignInRefused extends DomainError {
  constructor() {
    super('unauthenticated', 'sign-in-refused', 'The sign-in did not succeed. Please try again.');
  }
}

/** Begins, renews and ends sessions by OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core 3.1, RFC 7636, RFC 9700). */
@Injectable()
export class Sessions {
  private readonly logger = new Logger('sign-in');
  private readonly renewals = new Map<string, Promise<Session | null>>();

  constructor(
    private readonly provider: Provider,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  async begin(returnTo: string): Promise<{ pending: PendingSignIn; location: URL }> {
    const provider = await this.provider.configuration();
    const pending = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier(), returnTo };
    const { OIDC_SCOPE, OIDC_AUDIENCE, OIDC_AUDIENCE_PARAMETER, PUBLIC_URL } = this.config;
    const location = client.buildAuthorizationUrl(provider, {
      redirect_uri: `${PUBLIC_URL}/auth/callback`,
      scope: OIDC_SCOPE,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      ...(OIDC_AUDIENCE_PARAMETER === 'none' ? {} : { [OIDC_AUDIENCE_PARAMETER]: OIDC_AUDIENCE }),
    });
    return { pending, location };
  }

  /** `path`: of the callback, with its query. Throws SignInRefused, InfrastructureError. */
  async complete(path: string, pending: PendingSignIn): Promise<Session> {
    const provider = await this.provider.configuration();
    const tokens = await this.ask(() =>
      client.authorizationCodeGrant(provider, new URL(path, this.config.PUBLIC_URL), { pkceCodeVerifier: pending.verifier, expectedState: pending.state, expectedNonce: pending.nonce, idTokenExpected: true }),
    );
    if (!tokens) throw new SignInRefused();
    const person = claims.parse(tokens.claims());
    return {
      subject: person.sub,
      name: person.name ?? null,
      email: person.email ?? null,
      accessToken: tokens.access_token,
      accessTokenEnds: seconds() + (tokens.expiresIn() ?? 300),
      refreshToken: tokens.refresh_token ?? null,
      csrf: randomBytes(24).toString('base64url'),
      ends: seconds() + Math.round(this.config.SESSION_HOURS * 3600),
    };
  }

  /** The session with an access token that is good for a while; null where it has ended and the person must sign in again. Throws InfrastructureError. */
  async current(session: Session): Promise<Session | null> {
    if (session.ends <= seconds()) return null;
    if (session.accessTokenEnds - RENEW_BEFORE_S > seconds()) return session;
    if (session.refreshToken === null) return session.accessTokenEnds > seconds() ? session : null;
    return this.renewOnce(session, session.refreshToken);
  }

  /** Where the browser goes so that the provider forgets the person too; home where the provider has no such page or does not answer. */
  async endLocation(): Promise<string> {
    const home = `${this.config.PUBLIC_URL}/`;
    try {
      const provider = await this.provider.configuration();
      if (!provider.serverMetadata().end_session_endpoint) return home;
      // Why no id_token_hint: it would put the person's name and address into a URL; the client id (which is added) is enough.
      return client.buildEndSessionUrl(provider, { post_logout_redirect_uri: home }).href;
    } catch (error) {
      if (error instanceof InfrastructureError) return home;
      throw error;
    }
  }

  /** Why once: providers rotate refresh tokens and end the whole grant when one is used twice, and a page asks several things at a time. */
  private renewOnce(session: Session, refreshToken: string): Promise<Session | null> {
    const key = createHash('sha256').update(refreshToken).digest('base64');
    const running = this.renewals.get(key);
    if (running) return running;
    const renewal = this.renew(session, refreshToken);
    this.renewals.set(key, renewal);
    const forget = () => this.renewals.delete(key);
    renewal.then(() => setTimeout(forget, SHARED_RENEWAL_MS).unref(), forget);
    return renewal;
  }

  private async renew(session: Session, refreshToken: string): Promise<Session | null> {
    const provider = await this.provider.configuration();
    const tokens = await this.ask(() => client.refreshTokenGrant(provider, refreshToken));
    if (!tokens) return null;
    return { ...session, accessToken: tokens.access_token, accessTokenEnds: seconds() + (tokens.expiresIn() ?? 300), refreshToken: tokens.refresh_token ?? refreshToken };
  }

  /** Null where the provider, or our check of its answer, says no; InfrastructureError where it does not answer. */
  private async ask<T>(question: () => Promise<T>): Promise<T | null> {
    try {
      return await question();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw new InfrastructureError('the OpenID provider does not answer', { cause: error });
      this.logger.warn({ msg: 'the OpenID provider refused', code: refusal });
      return null;
    }
  }
}

function refusalOf(error: unknown): string | null {
  if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError) return error.error;
  if (!(error instanceof client.ClientError) || error.code === undefined || error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_ABORT') return null;
  return error.cause instanceof Response && error.cause.status >= 500 ? null : error.code;
}
