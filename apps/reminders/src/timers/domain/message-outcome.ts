import type { AppointmentSnapshot, messageOutcome } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import type { z } from 'zod';

export interface ReportedOutcome {
  readonly outcome: z.output<typeof messageOutcome>;
  readonly reason: string | null;
  readonly subject: { readonly revision: number };
}
/** The message to the patient of a visit on a closed day. */
export const MOVE_STEP = 'must-move';

export interface VisitOfOutcome {
  readonly revision: number;
  readonly status: AppointmentSnapshot['status'];
  readonly start: Instant;
}

const UNREACHED: readonly ReportedOutcome['outcome'][] = ['undelivered', 'unknown', 'call-list'];

/** Whether somebody should phone because of what became of a message: only about the present revision of a visit that is still to come or has just been cancelled. */
export function callFor(reported: ReportedOutcome, visit: VisitOfOutcome | null, now: Instant): { reason: string; urgent: boolean } | null {
  if (!visit || !UNREACHED.includes(reported.outcome)) return null;
  if (visit.revision !== reported.subject.revision || visit.start <= now) return null;
  if (visit.status !== 'booked' && visit.status !== 'cancelled') return null;
  return { reason: reported.reason ?? reported.outcome, urgent: reported.outcome === 'call-list' };
}
