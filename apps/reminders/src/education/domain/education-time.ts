import { HOUR, type Instant, type LocalTime, addDays, instantOf, isQuiet, localDateOf, nextPermitted, plusMs } from '@slotmesh/kernel';
import type { Reach } from '../../patients/domain/reach';
import type { Channel } from '../../plans/domain/plan-steps';

const AT = '10:00' as LocalTime;
/** So long before the visit it is too late to read and do what it says. */
const TOO_LATE = 2 * HOUR;

/** At 10:00 of the patient's wall clock, so many calendar days before the visit (P6), or at the next permitted time where that is over (P15). Null: too late. */
export function educationAt(visitStart: Instant, daysBefore: number, { zone, quiet }: Pick<Reach, 'zone' | 'quiet'>, now: Instant): Instant | null {
  const planned = instantOf(addDays(localDateOf(visitStart, zone), -daysBefore), AT, zone);
  const at = nextPermitted(planned > now ? planned : now, quiet, zone);
  return at < plusMs(visitStart, -TOO_LATE) ? at : null;
}

export type DueEducation = { readonly kind: 'request'; readonly channels: readonly Channel[] } | { readonly kind: 'skip'; readonly reason: string } | { readonly kind: 'defer'; readonly until: Instant };

/** Nobody phones because of it: who is not reached is told at the visit. */
export function decideDueEducation(visitStart: Instant, reach: Reach, now: Instant): DueEducation {
  if (reach.gone !== null) return { kind: 'skip', reason: reach.gone };
  if (reach.voiceOnly) return { kind: 'skip', reason: 'voice-only' };
  if (reach.channels.length === 0) return { kind: 'skip', reason: 'no-channel' };
  if (now >= plusMs(visitStart, -TOO_LATE)) return { kind: 'skip', reason: 'expired' };
  if (!isQuiet(now, reach.quiet, reach.zone)) return { kind: 'request', channels: (['sms', 'email'] as const).filter((channel) => reach.channels.includes(channel)) };
  const until = nextPermitted(now, reach.quiet, reach.zone);
  return until < plusMs(visitStart, -TOO_LATE) ? { kind: 'defer', until } : { kind: 'skip', reason: 'quiet-hours' };
}
