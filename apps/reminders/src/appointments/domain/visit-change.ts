import type { AppointmentSnapshot, initiator } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import type { z } from 'zod';
import type { VisitChange } from '../../plans/domain/step-time';

export type Fact = 'booked' | 'rescheduled' | 'cancelled' | 'went-on';
type Status = AppointmentSnapshot['status'];

/**
 * What a fact about a visit means for its plan; null: nothing to plan. A booking is the patient's own act wherever it is made, on the phone, at a desk or on
 * the own page, unless the system made it; a move or an end is the patient's act only where the patient did it.
 */
export function changeOf(fact: Fact, appointment: { readonly status: Status }, previous: Status | null, by: z.output<typeof initiator>, at: Instant, moved = false): VisitChange | null {
  const trigger = triggerOf(fact, appointment.status, previous);
  // The visit goes on as another one, at another practice: that one tells the patient, and only of a move.
  if (trigger === undefined || (moved && trigger === 'cancelled')) return null;
  if (moved && trigger === 'booked') return { trigger: 'moved', at, answersPatient: by.kind !== 'system' };
  return { trigger, at, answersPatient: trigger === 'booked' ? by.kind !== 'system' : (trigger === 'moved' || trigger === 'cancelled') && by.kind === 'patient' };
}

/** Undefined: nothing to plan. Null: only the times are fixed again, because a visit that had begun was reopened. */
function triggerOf(fact: Fact, status: Status, previous: Status | null): VisitChange['trigger'] | undefined {
  if (fact === 'cancelled' || (status === 'cancelled' && previous !== 'cancelled' && fact === 'went-on')) return 'cancelled';
  if ((status === 'noshow' || status === 'fulfilled') && fact === 'went-on' && previous !== status) return status;
  if (status !== 'booked') return undefined;
  if (fact === 'booked') return 'booked';
  if (fact === 'rescheduled') return 'moved';
  // A request that was approved is booked only now.
  return previous === 'pending' || previous === 'proposed' || previous === 'waitlist' ? 'booked' : null;
}
