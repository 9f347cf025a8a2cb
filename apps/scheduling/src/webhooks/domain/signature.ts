import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** A secret as Standard Webhooks writes it: base64 of its bytes behind a prefix. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(32).toString('base64');

/** Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`, one signature for each valid secret; `seconds` since 1970. */
export function signatureOf(secrets: readonly string[], id: string, seconds: number, body: string): string {
  return secrets.map((secret) => `v1,${createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64')).update(`${id}.${seconds}.${body}`).digest('base64')}`).join(' ');
}
