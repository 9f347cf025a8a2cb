import './url-parse';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Provider } from 'oidc-provider';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import { OidcStore } from './oidc-store';
import { allowPasswordGrant } from './password-grant';
import { providerSettings } from './provider-settings';
import { SigningKeys } from './signing-keys';

export const MOUNT = '/sandbox/oidc';
const SWEEP_MS = 10 * 60_000;

/** The OpenID provider of the sandbox; its issuer is the public address, however it is reached. */
@Injectable()
export class OidcProvider implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('oidc');
  private readonly publicUrl: URL;
  private ready: { provider: Provider; handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> } | null = null;
  private sweeper: NodeJS.Timeout | null = null;

  constructor(
    private readonly keys: SigningKeys,
    private readonly store: OidcStore,
    @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig,
  ) {
    this.publicUrl = new URL(config.PUBLIC_URL);
  }

  async onModuleInit(): Promise<void> {
    const [jwks, cookieKeys, smart] = [await this.keys.jwks(), await this.keys.cookieKeys(), await this.keys.smartClientJwks()];
    const provider = new Provider(`${this.config.PUBLIC_URL}${MOUNT}`, {
      ...providerSettings(this.config, smart.keys),
      adapter: this.store.adapter,
      jwks,
      cookies: { keys: cookieKeys, names: { session: 'slotmesh_sandbox_session', interaction: 'slotmesh_sandbox_interaction', resume: 'slotmesh_sandbox_resume' } },
    });
    provider.proxy = true;
    provider.on('server_error', (_ctx, error) => this.logger.error(error.stack ?? error.message));
    allowPasswordGrant(provider);
    this.ready = { provider, handle: provider.callback() };
    this.sweeper = setInterval(() => void this.store.sweep().catch(() => undefined), SWEEP_MS);
    this.sweeper.unref();
  }

  beforeApplicationShutdown(): void {
    if (this.sweeper) clearInterval(this.sweeper);
  }

  get provider(): Provider {
    if (!this.ready) throw new Error('the OpenID provider has not started');
    return this.ready.provider;
  }

  /** Answers a request below the mount point. */
  async handle(request: IncomingMessage & { originalUrl?: string }, response: ServerResponse): Promise<void> {
    this.seenFromOutside(request);
    request.originalUrl = request.url ?? MOUNT;
    request.url = request.originalUrl.slice(MOUNT.length) || '/';
    if (!this.ready) throw new Error('the OpenID provider has not started');
    await this.ready.handle(request, response);
  }

  /** Why: services ask at the sandbox's own port and browsers through the gateway, but issuer and addresses must be the same for both. */
  seenFromOutside(request: IncomingMessage): void {
    request.headers['x-forwarded-proto'] = this.publicUrl.protocol.slice(0, -1);
    request.headers['x-forwarded-host'] = this.publicUrl.host;
  }
}
