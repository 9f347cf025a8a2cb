import type { messageOutcome } from '@slotmesh/contracts';
import type { z } from 'zod';

export interface ReportedRecallOutcome {
  readonly outcome: z.output<typeof messageOutcome>;
  readonly reason: string | null;
}
export type RecallConsequence = { readonly kind: 'call'; readonly reason: string } | { readonly kind: 'silence'; readonly reason: string } | { readonly kind: 'end'; readonly reason: string } | { readonly kind: 'reached' } | { readonly kind: 'nothing' };

/** Somebody phones where these kept a message from going: nothing will change by itself. */
const NOT_REACHABLE: ReadonlySet<string | null> = new Set(['no-contact', 'unreachable', 'no-consent', 'voice-only', 'wrong-number', 'confidential']);

/** What the outcome of a message means for its recall. Who opted out is not written to again; the desk sees the recall among the unanswered. */
export function consequenceOf({ outcome, reason }: ReportedRecallOutcome): RecallConsequence {
  if (outcome === 'delivered') return { kind: 'reached' };
  if (outcome === 'sent') return { kind: 'nothing' };
  if (reason === 'opted-out' || reason === 'opt-out') return { kind: 'silence', reason: 'opted-out' };
  if (reason === 'patient-gone') return { kind: 'end', reason };
  if (outcome === 'skipped') return NOT_REACHABLE.has(reason) ? { kind: 'call', reason: reason ?? 'unreachable' } : { kind: 'nothing' };
  return { kind: 'call', reason: reason ?? outcome };
}
