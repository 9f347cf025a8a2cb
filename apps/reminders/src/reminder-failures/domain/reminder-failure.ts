import type { reminderFailure } from '@slotmesh/contracts';
import type { z } from 'zod';

export type ReminderFailureReason = z.output<typeof reminderFailure>;

/** What became of a step that reminds of a visit. */
export interface ReminderStep {
  /** `waiting`: its timer had not fired when the visit was over. */
  readonly state: 'waiting' | 'requested' | 'sent' | 'delivered' | 'undelivered' | 'unknown' | 'skipped' | 'call-list';
  readonly reason: string | null;
}
export interface MissedVisit {
  /** Of its present revision. */
  readonly steps: readonly ReminderStep[];
  /** The patient said that they would come: they knew. */
  readonly confirmed: boolean;
  /** How often the desk tried to phone about it. */
  readonly calls: number;
  /** A channel that may be used, or might have been. */
  readonly reachable: boolean;
}

/** A patient's own choice, or no reminder at all because the visit was just booked: neither speaks against the sender. */
const NOT_OURS: ReadonlySet<string> = new Set(['opted-out', 'opt-out', 'no-consent', 'no-channel', 'no-contact', 'voice-only', 'covered', 'already-confirmed', 'past-when-booked', 'just-booked', 'short-lead', 'no-permitted-time', 'visit-over', 'thanked-by-text', 'superseded', 'stale-when-booked', 'past-when-replanned', 'plan-changed', 'not-high-risk', 'reached', 'patient-gone', 'visit-arrived', 'visit-checked-in']);

/** The first of these that occurred is told. */
const ORDER: readonly ReminderFailureReason[] = ['undelivered', 'unknown', 'not-called', 'expired', 'not-sent'];

/**
 * Whether every reminder of a missed visit failed by our fault, and how. Null: one may have reached the patient, the patient confirmed, was phoned, or chose not to be reminded. Only this takes a mark away, so where nothing
 * is known against us, nothing is said.
 */
export function failureOf({ steps, confirmed, calls, reachable }: MissedVisit): ReminderFailureReason | null {
  if (confirmed || calls > 0) return null;
  if (steps.some(({ state }) => state === 'sent' || state === 'delivered')) return null;
  const failures = new Set(steps.flatMap((step) => faultOf(step, reachable) ?? []));
  return ORDER.find((reason) => failures.has(reason)) ?? null;
}

function faultOf({ state, reason }: ReminderStep, reachable: boolean): ReminderFailureReason | null {
  if (reason !== null && NOT_OURS.has(reason) && state !== 'call-list') return null;
  switch (state) {
    case 'undelivered': return 'undelivered';
    // Asked for, and nothing was heard: nobody knows whether it left.
    case 'unknown': case 'requested': return 'unknown';
    // Whom no message may reach has a call instead.
    case 'call-list': return 'not-called';
    case 'waiting': return reachable ? 'not-sent' : null;
    case 'skipped': return reason === 'expired' ? 'expired' : reachable ? 'not-sent' : null;
    case 'sent': case 'delivered': return null;
  }
}
