import { type Instant, isQuiet, nextPermitted } from '@slotmesh/kernel';
import type { Reach } from '../../patients/domain/reach';
import type { Channel } from '../../plans/domain/plan-steps';

export type DueRecall =
  | { readonly kind: 'request'; readonly channels: readonly Channel[] }
  | { readonly kind: 'call'; readonly reason: 'no-channel' | 'voice-only' }
  | { readonly kind: 'stop'; readonly reason: 'patient-deceased' | 'patient-erased' }
  | { readonly kind: 'defer'; readonly until: Instant };

/** What becomes of a recall whose time to write has come. */
export function decideDueRecall(reach: Reach, now: Instant): DueRecall {
  if (reach.gone !== null) return { kind: 'stop', reason: reach.gone };
  if (reach.voiceOnly) return { kind: 'call', reason: 'voice-only' };
  // Why the barred too: whether it was a STOP or a number that takes nothing is known to notifications, and the one ends the messages while the other asks for a call.
  const channels = reach.channels.length > 0 ? reach.channels : reach.barred;
  if (channels.length === 0) return { kind: 'call', reason: 'no-channel' };
  if (isQuiet(now, reach.quiet, reach.zone)) return { kind: 'defer', until: nextPermitted(now, reach.quiet, reach.zone) };
  return { kind: 'request', channels: [...channels].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)) };
}

const ORDER: readonly Channel[] = ['sms', 'email'];
