import { databaseConfig, identityConfig, kafkaConfig, key32, serviceConfig } from '@slotmesh/platform';
import { z } from 'zod';

/** Everything that notifications reads from its environment. */
export const notificationsConfig = serviceConfig.extend(databaseConfig.shape).extend(kafkaConfig.shape).extend(identityConfig.shape).extend({
  /** Asked about recalls just before a message about one is sent. */
  REMINDERS_URL: z.url(),
  /** Blind indexes of phones and addresses; one key for the whole network. */
  INDEX_KEY: key32,
  TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'must be a Twilio account SID (AC and 32 hexadecimal digits)'),
  TWILIO_AUTH_TOKEN: z.string().min(1),
  /** Where Twilio's API is reached when not at api.twilio.com: the sandbox, a proxy. */
  TWILIO_BASE_URL: z.url().optional(),
  SMTP_URL: z.url().regex(/^smtps?:/, 'must begin with smtp: or smtps:'),
  /** Texts a second and sender number: what the carriers grant. Without it 50 in the sandbox and 1 in production (a plain long code). */
  SENDER_RATE_PER_SECOND: z.coerce.number().positive().max(1000).optional(),
  PROVIDER_TIMEOUT_MS: z.coerce.number().int().positive().default(10_000),
});
export type NotificationsConfig = z.output<typeof notificationsConfig>;
export const NOTIFICATIONS_CONFIG = Symbol('NOTIFICATIONS_CONFIG');

export const senderRate = (config: Pick<NotificationsConfig, 'SENDER_RATE_PER_SECOND' | 'MODE'>): number => config.SENDER_RATE_PER_SECOND ?? (config.MODE === 'sandbox' ? 50 : 1);
