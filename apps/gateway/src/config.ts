import { resolve } from 'node:path';
import { key32, loadConfig, serviceConfig } from '@slotmesh/platform';
import { z } from 'zod';

const url = z.url().transform((text) => text.replace(/\/+$/, ''));

export const gatewayConfig = serviceConfig
  .extend({
    PORT: z.coerce.number().int().default(8080),
    OPS_PORT: z.coerce.number().int().default(9080),
    SCHEDULING_URL: url,
    REMINDERS_URL: url,
    NOTIFICATIONS_URL: url,
    CAPACITY_URL: url,
    SANDBOX_URL: url.optional(),
    OIDC_ISSUER: z.url(),
    OIDC_TOKEN_URL: z.url(),
    OIDC_SCOPE: z.string().default('openid profile email offline_access'),
    OIDC_AUDIENCE: z.string().default('slotmesh'),
    /** Some providers need the audience asked for (`audience=`, RFC 8707 `resource=`), others refuse to know it. */
    OIDC_AUDIENCE_PARAMETER: z.enum(['none', 'audience', 'resource']).default('none'),
    CLIENT_ID: z.string().default('gateway'),
    CLIENT_SECRET: z.string().min(1),
    /** One or more keys, newest first, parted by commas: the first seals, all open, so that a key can be changed without signing people out. */
    SESSION_KEY: z.string().transform((text) => text.split(',')).pipe(z.array(key32).min(1)),
    SESSION_HOURS: z.coerce.number().positive().default(12),
    /** True where a load balancer stands in front: its X-Forwarded-For is believed. Otherwise anybody could write one. */
    BEHIND_PROXY: z.stringbool().default(false),
    CONSOLE_DIR: z.string().default(resolve(__dirname, '../../console')),
  })
  .refine((config) => config.MODE !== 'sandbox' || config.SANDBOX_URL !== undefined, { path: ['SANDBOX_URL'], message: 'is needed where MODE=sandbox' });

export type GatewayConfig = z.output<typeof gatewayConfig>;
export const GATEWAY_CONFIG = Symbol('GATEWAY_CONFIG');

export const readGatewayConfig = (environment: NodeJS.ProcessEnv = process.env): GatewayConfig => loadConfig(gatewayConfig, environment);

/** Where this very process answers, whatever the public address is and whether it leads back here. */
export function ownAddress({ HOST, PORT }: GatewayConfig): string {
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
}
