import { Inject, Injectable, Logger } from '@nestjs/common';
import { InfrastructureError } from '@slotmesh/kernel';
import * as client from 'openid-client';
import { GATEWAY_CONFIG, type GatewayConfig, ownAddress } from '../config';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;
const PATIENCE_MS = 10_000;

/**
 * The OpenID provider, found on first use: the sandbox's provider is reached through this very gateway, so it cannot be asked before the gateway listens.
 * Throws InfrastructureError where it cannot be found within ten seconds; the next use tries again.
 */
@Injectable()
export class Provider {
  private readonly logger = new Logger('sign-in');
  private found: Promise<client.Configuration> | null = null;

  constructor(@Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig) {}

  configuration(): Promise<client.Configuration> {
    this.found ??= this.discover().catch((error: unknown) => {
      this.found = null;
      throw error;
    });
    return this.found;
  }

  private async discover(): Promise<client.Configuration> {
    const issuer = new URL(this.config.OIDC_ISSUER);
    const until = Date.now() + PATIENCE_MS;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        return await client.discovery(issuer, this.config.CLIENT_ID, this.config.CLIENT_SECRET, client.ClientSecretBasic(this.config.CLIENT_SECRET), {
          timeout: 5,
          execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
          [client.customFetch]: (url, options) => fetch(this.nearest(url), options),
        });
      } catch (error) {
        if (Date.now() + wait > until) {
          this.logger.warn({ msg: 'the OpenID provider does not answer', issuer: issuer.href, error: error instanceof Error ? error.message : 'unknown' });
          throw new InfrastructureError('the OpenID provider does not answer', { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  /** Why: behind a load balancer or in a container the public address may not lead back to ourselves; what is ours is asked at our own port. */
  private nearest(url: string): string {
    const { PUBLIC_URL } = this.config;
    return url.startsWith(`${PUBLIC_URL}/`) ? ownAddress(this.config) + url.slice(PUBLIC_URL.length) : url;
  }
}
