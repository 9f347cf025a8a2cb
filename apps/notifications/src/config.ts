import { databaseConfig, identityConfig, kafkaConfig, key32, serviceConfig } from '@slotmesh/platform';
import { localDate } from '@slotmesh/contracts';
import { type Instant, type LocalTime, instantOf, parseZone } from '@slotmesh/kernel';
import { z } from 'zod';

/** Everything that notifications reads from its environment. */
export const notificationsConfig = serviceConfig.extend(databaseConfig.shape).extend(kafkaConfig.shape).extend(identityConfig.shape).extend({
  /** Blind indexes of phones and addresses; one key for the whole network. */
  INDEX_KEY: key32,
  TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'must be a Twilio account SID (AC and 32 hexadecimal digits)'),
  TWILIO_AUTH_TOKEN: z.string().min(1),
  /** Where Twilio's API is reached when not at api.twilio.com: the sandbox, a proxy. */
  TWILIO_BASE_URL: z.url().optional(),
  SMTP_URL: z.url().regex(/^smtps?:/, 'must begin with smtp: or smtps:'),
  /** Texts a second and sender number: what the carriers grant. Without it 50 in the sandbox and 1 in production (a plain long code). */
  SENDER_RATE_PER_SECOND: z.coerce.number().positive().max(1000).optional(),
  /** Most texts of all practices together to one phone on one day; answers and offers that were asked for are not counted. */
  TEXTS_PER_PHONE_PER_DAY: z.coerce.number().int().positive().max(100).default(5),
  /** From this date (New York) on, a revocation that named one kind of text counts for all of that sender's (DA 26-12). */
  REVOKE_ALL_FROM: localDate.default(localDate.parse('2027-01-31')),
  /** Segments that the carriers take of one sender number in a day of America/Los_Angeles; without it nobody counts. */
  SENDER_SEGMENTS_PER_DAY: z.coerce.number().int().positive().optional(),
  PROVIDER_TIMEOUT_MS: z.coerce.number().int().positive().default(10_000),
});
export type NotificationsConfig = z.output<typeof notificationsConfig>;
export const NOTIFICATIONS_CONFIG = Symbol('NOTIFICATIONS_CONFIG');

export const senderRate = (config: Pick<NotificationsConfig, 'SENDER_RATE_PER_SECOND' | 'MODE'>): number => config.SENDER_RATE_PER_SECOND ?? (config.MODE === 'sandbox' ? 50 : 1);
export const revokeAllFrom = (config: Pick<NotificationsConfig, 'REVOKE_ALL_FROM'>): Instant => instantOf(config.REVOKE_ALL_FROM, '00:00' as LocalTime, parseZone('America/New_York'));
