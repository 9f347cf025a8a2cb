import { randomBytes } from 'node:crypto';

/** A resource id as Twilio writes it: two letters and 32 hexadecimal digits. */
export function newSid(prefix: 'SM' | 'MM'): string {
  return prefix + randomBytes(16).toString('hex');
}
