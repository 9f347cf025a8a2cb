import { z } from 'zod';

const brokers = z.string().min(1).transform((text) => text.split(',').map((part) => part.trim()));

/** What every service reads from its environment; each app extends it with its own. */
export const serviceConfig = z.object({
  MODE: z.enum(['sandbox', 'production']).default('production'),
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int(),
  OPS_PORT: z.coerce.number().int(),
  ROLE: z.enum(['api', 'worker', 'all']).default('all'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  CLOCK_URL: z.url().optional(),
});
export const databaseConfig = z.object({ DATABASE_APP_URL: z.string().min(1), DATABASE_WORKER_URL: z.string().min(1), DATABASE_POOL_SIZE: z.coerce.number().int().positive().default(16) });
export const kafkaConfig = z.object({ KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: z.string().default('') });
export const identityConfig = z.object({
  OIDC_ISSUER: z.url(),
  OIDC_JWKS_URI: z.url(),
  OIDC_TOKEN_URL: z.url(),
  OIDC_AUDIENCE: z.string().default('slotmesh'),
  CLIENT_ID: z.string(),
  CLIENT_SECRET: z.string(),
  SCHEDULING_URL: z.url(),
  /** The clients that are our own services; any other that comes by client credentials is a system of a practice. */
  SERVICE_CLIENT_IDS: z.string().default('scheduling,reminders,notifications,capacity,gateway,sandbox').transform((text) => text.split(',').map((part) => part.trim())),
});
/** A key of 32 bytes as base64. */
export const key32 = z.string().transform((text, context) => {
  const key = Buffer.from(text, 'base64');
  if (key.length === 32) return key;
  context.addIssue({ code: 'custom', message: 'must be 32 bytes as base64 (make one: openssl rand -base64 32)' });
  return z.NEVER;
});

export type ServiceConfig = z.output<typeof serviceConfig>;
export type DatabaseConfig = z.output<typeof databaseConfig>;
export type KafkaConfig = z.output<typeof kafkaConfig>;
export type IdentityConfig = z.output<typeof identityConfig>;

export class ConfigError extends Error {}

/** Reads the environment once. A missing or wrong value names itself, and no value is ever printed. */
export function loadConfig<Schema extends z.ZodType>(schema: Schema, environment: NodeJS.ProcessEnv = process.env): z.output<Schema> {
  const result = schema.safeParse(environment);
  if (!result.success) throw new ConfigError(`The configuration is not complete:\n${result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`).join('\n')}`);
  const config = result.data;
  const { MODE, CLOCK_URL } = z.object({ MODE: z.string().optional(), CLOCK_URL: z.string().optional() }).loose().parse(config);
  if (MODE !== 'sandbox' && CLOCK_URL) throw new ConfigError('CLOCK_URL is set, but only MODE=sandbox has a clock that can be moved. Remove CLOCK_URL.');
  return config;
}
