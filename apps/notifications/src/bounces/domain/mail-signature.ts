import { createHmac, timingSafeEqual } from 'node:crypto';

/** Real seconds by which the clocks of relay and service may differ, and for which a call that was overheard could be said again; the same mail has an effect only once in any case. */
const WINDOW = 300;

/** `v1=` and HMAC-SHA256 over the timestamp, a full stop and the mail as it is, in hexadecimal digits. */
export const signatureOf = (secret: string, timestamp: string, raw: Buffer): string => `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(raw).digest('hex')}`;

export function isSigned(given: { readonly secret: string; readonly timestamp: string; readonly signature: string; readonly raw: Buffer; readonly nowSeconds: number }): boolean {
  if (!/^\d{1,12}$/.test(given.timestamp) || Math.abs(given.nowSeconds - Number(given.timestamp)) > WINDOW) return false;
  const [said, right] = [Buffer.from(given.signature), Buffer.from(signatureOf(given.secret, given.timestamp, given.raw))];
  return said.length === right.length && timingSafeEqual(said, right);
}
