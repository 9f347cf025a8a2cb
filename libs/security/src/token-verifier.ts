import { DomainError, InfrastructureError } from '@slotmesh/kernel';
import { type JWTVerifyGetKey, createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';

export interface VerifiedToken {
  /** A person's subject, or null for a service that came by client credentials. */
  readonly subject: string | null;
  readonly client: string | null;
  /** What the token was asked for (RFC 9068). */
  readonly scopes: readonly string[];
  /** Real epoch milliseconds, null where the token says no end. */
  readonly expiresAt: number | null;
}
export interface TokenSettings {
  readonly OIDC_ISSUER: string;
  readonly OIDC_JWKS_URI: string;
  readonly OIDC_AUDIENCE: string;
}

/** Most providers write one text with spaces, some a list, or call it `scp`. */
const scopeClaim = z.union([z.string().transform((text) => text.split(' ')), z.array(z.string())]).optional();
const claims = z.object({ sub: z.string().optional(), client_id: z.string().optional(), azp: z.string().optional(), exp: z.number().optional(), scope: scopeClaim, scp: scopeClaim }).loose();

/** How long a token that was found good is believed without checking its signature again: as long as a withdrawn key of the issuer still counts here. */
const BELIEVED_MS = 30_000;
const MOST_BELIEVED = 5_000;

/**
 * Verifies bearer tokens by the issuer's published keys (RFC 9068): signature, issuer, audience, expiry in real time. Why a token that was good is remembered for a moment: desks send the same one
 * with every request, and checking its signature was a seventh of what a short answer costs.
 */
export class TokenVerifier {
  private readonly keys: JWTVerifyGetKey;
  private readonly believed = new Map<string, { readonly until: number; readonly token: VerifiedToken }>();

  constructor(private readonly settings: TokenSettings, keys?: JWTVerifyGetKey) {
    this.keys = keys ?? createRemoteJWKSet(new URL(settings.OIDC_JWKS_URI), { cooldownDuration: 5_000, timeoutDuration: 5_000 });
  }

  async verify(token: string): Promise<VerifiedToken> {
    const known = this.believed.get(token);
    if (known && known.until > Date.now()) return known.token;
    const verified = await this.check(token);
    if (this.believed.size >= MOST_BELIEVED) this.believed.clear();
    this.believed.set(token, { until: Math.min(Date.now() + BELIEVED_MS, verified.expiresAt ?? Infinity), token: verified });
    return verified;
  }

  private async check(token: string): Promise<VerifiedToken> {
    try {
      const { payload } = await jwtVerify(token, this.keys, { issuer: this.settings.OIDC_ISSUER, audience: this.settings.OIDC_AUDIENCE, algorithms: ['RS256', 'ES256', 'PS256', 'EdDSA'], clockTolerance: 5 });
      const { sub, client_id, azp, exp, scope, scp } = claims.parse(payload);
      const client = client_id ?? azp ?? null;
      return { subject: sub && sub !== client ? sub : null, client, scopes: scope ?? scp ?? [], expiresAt: exp === undefined ? null : exp * 1_000 };
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || (error instanceof TypeError && /fetch failed/i.test(error.message)) || (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC')) {
        throw new InfrastructureError('the sign-in provider does not answer', { cause: error });
      }
      const expired = error instanceof errors.JWTExpired;
      throw new DomainError('unauthenticated', expired ? 'token-expired' : 'token-invalid', expired ? 'The token has expired. Sign in again.' : 'The token is not valid here. Sign in again.');
    }
  }
}
