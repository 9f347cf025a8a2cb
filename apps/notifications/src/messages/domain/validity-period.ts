import { HOUR, type Instant, type QuietHours, type Zone, nextQuietStart } from '@slotmesh/kernel';

const LONGEST = 4 * HOUR;
const ANSWER = HOUR;

/**
 * Seconds for which the provider may still deliver (Twilio: 1 to 36000): it ends before quiet hours, the visit and the request's own expiry (P15).
 * Four hours at most, because a text whose creation is unclear counts as absent only after this time (P13).
 */
export function validitySeconds(now: Instant, limits: { readonly answer: boolean; readonly quiet: QuietHours; readonly zone: Zone; readonly visitStart: Instant | null; readonly expiresAt: Instant | null }): number {
  const ends = limits.answer ? [now + ANSWER] : [now + LONGEST, nextQuietStart(now, limits.quiet, limits.zone) ?? Infinity, limits.visitStart ?? Infinity, limits.expiresAt ?? Infinity];
  return Math.max(1, Math.min(36_000, Math.floor((Math.min(...ends) - now) / 1_000)));
}
