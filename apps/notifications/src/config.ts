import { createPrivateKey } from 'node:crypto';
import { databaseConfig, identityConfig, kafkaConfig, key32, serviceConfig } from '@slotmesh/platform';
import { localDate } from '@slotmesh/contracts';
import { type Instant, type LocalTime, instantOf, parseZone } from '@slotmesh/kernel';
import { z } from 'zod';

const privateKey = z.string().transform((text, context) => {
  const pem = text.replaceAll('\\n', '\n');
  try {
    createPrivateKey(pem);
    return pem;
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a private key as PEM (make one: openssl genrsa 2048)' });
    return z.NEVER;
  }
});

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
  SENDER_RATE_PER_SECOND: z.coerce.number().min(0.5).max(1000).optional(),
  /** Most texts of all practices together to one phone on one day; answers and offers that were asked for are not counted. */
  TEXTS_PER_PHONE_PER_DAY: z.coerce.number().int().positive().max(100).default(5),
  /** From this date (New York) on, a revocation that named one kind of text counts for all of that sender's (DA 26-12). */
  REVOKE_ALL_FROM: localDate.default(localDate.parse('2027-01-31')),
  /** Segments that the carriers take of one sender number in a day of America/Los_Angeles; without it nobody counts. */
  SENDER_SEGMENTS_PER_DAY: z.coerce.number().int().positive().optional(),
  /** Signs mails (RFC 6376): all three or none. The private key as PEM; `\n` may stand for line breaks. */
  DKIM_DOMAIN: z.string().regex(/^[a-z0-9.-]+\.[a-z0-9-]+$/i, 'must be a domain').optional(),
  DKIM_SELECTOR: z.string().regex(/^[a-z0-9._-]+$/i, 'must be the name of the key in DNS').optional(),
  DKIM_PRIVATE_KEY: privateKey.optional(),
  /** Whose mail server takes what comes back; without it the host of PUBLIC_URL. */
  MAIL_BOUNCE_DOMAIN: z.string().regex(/^[a-z0-9.-]+$/i, 'must be a domain').optional(),
  /** The sender of recalls, education and marketing; without it news@ at the domain of bounces. */
  MAIL_SUBSCRIPTION_FROM: z.email().optional(),
  /** Shared with the relay that hands in mail for the domain of bounces; without it none is taken. */
  MAIL_INBOUND_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  /** Who has read the network's own Spanish wordings, by name. Without it production writes English where a practice has no Spanish wording of its own. */
  TEMPLATES_ES_REVIEWED_BY: z.string().trim().min(3).max(120).optional(),
  PROVIDER_TIMEOUT_MS: z.coerce.number().int().positive().default(10_000),
}).refine(({ DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY }) => new Set([DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY].map((value) => value === undefined)).size === 1, { path: ['DKIM_DOMAIN'], message: 'must be set together with DKIM_SELECTOR and DKIM_PRIVATE_KEY, or none of them' });
export type NotificationsConfig = z.output<typeof notificationsConfig>;
export const NOTIFICATIONS_CONFIG = Symbol('NOTIFICATIONS_CONFIG');

export const senderRate = (config: Pick<NotificationsConfig, 'SENDER_RATE_PER_SECOND' | 'MODE'>): number => config.SENDER_RATE_PER_SECOND ?? (config.MODE === 'sandbox' ? 50 : 1);
export const revokeAllFrom = (config: Pick<NotificationsConfig, 'REVOKE_ALL_FROM'>): Instant => instantOf(config.REVOKE_ALL_FROM, '00:00' as LocalTime, parseZone('America/New_York'));
