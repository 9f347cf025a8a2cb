import { databaseConfig, loadConfig, serviceConfig } from '@slotmesh/platform';
import { z } from 'zod';

const list = z.string().default('').transform((text) => text.split(',').map((part) => part.trim().replace(/\/+$/, '')).filter((part) => part !== ''));

const clients = z.string().transform((text, context): Record<string, string> => {
  try {
    return z.record(z.string().min(1), z.string().min(16, 'a secret has at least 16 characters')).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON: {"<client id>": "<secret of at least 16 characters>"}' });
    return z.NEVER;
  }
});

const sandboxConfig = serviceConfig
  // Why: the sandbox keeps the clock; it cannot ask itself for it before it runs.
  .omit({ CLOCK_URL: true })
  .extend(databaseConfig.shape)
  .extend({
    MODE: z.literal('sandbox', 'the sandbox is never part of a production install: MODE must be sandbox'),
    SMTP_PORT: z.coerce.number().int().default(8025),
    TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-fA-F]{32}$/),
    TWILIO_AUTH_TOKEN: z.string().min(16),
    /** Where an inbound text is posted; the fragment says how often it is tried again, as with Twilio. Default: the gateway, 5 retries on any failure. */
    TWILIO_INBOUND_URL: z.url().optional(),
    /** Twilio's own STOP filter. Off, because redaction of texts needs it off. */
    TWILIO_OPT_OUT_FILTER: z.enum(['on', 'off']).default('off'),
    /** The number that a messaging service sends from. */
    TWILIO_SERVICE_SENDER: z.string().regex(/^\+[1-9]\d{6,14}$/).default('+15005550006'),
    /** Makes every choice of the sandbox (waits, order of callbacks) repeatable. */
    SANDBOX_SEED: z.coerce.number().int().default(1),
    SERVICE_CLIENTS: clients,
    CLOCK_MEMBERS: list.pipe(z.array(z.url())),
    /** Real milliseconds that a walk of the clock waits for a member that does not answer, or that is busy without getting anything done. */
    CLOCK_PATIENCE_MS: z.coerce.number().int().positive().default(60_000),
  })
  .transform((config) => ({ ...config, CLOCK_URL: undefined, TWILIO_INBOUND_URL: config.TWILIO_INBOUND_URL ?? `${config.PUBLIC_URL}/webhooks/twilio/inbound#rc=5&rp=all` }));

export type SandboxConfig = z.output<typeof sandboxConfig>;
export const SANDBOX_CONFIG = Symbol('SANDBOX_CONFIG');

/** Reads the environment; throws ConfigError that names what is missing. */
export const loadSandboxConfig = (environment?: NodeJS.ProcessEnv): SandboxConfig => loadConfig(sandboxConfig, environment);
