import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { type Instant, addDays, localDateOf } from '@slotmesh/kernel';
import type { Recall } from './recall';

export type VisitForRecall = Pick<AppointmentSnapshot, 'service' | 'start' | 'zone' | 'status'> & { readonly visitType: string | null };
export type Meaning = 'stands' | 'done' | 'fell-away' | 'nothing';

/** What the present state of a visit means for the recall that it stands for. */
export function meaningOf(status: AppointmentSnapshot['status']): Meaning {
  switch (status) {
    case 'booked': case 'arrived': case 'checked-in': return 'stands';
    case 'fulfilled': return 'done';
    case 'cancelled': case 'noshow': case 'entered-in-error': return 'fell-away';
    case 'proposed': case 'pending': case 'waitlist': return 'nothing';
  }
}

/** Whether a visit is one that the recall asks for: of a service or visit type that it names, behind its recording, and near enough to the due date. */
export function isAskedFor({ terms, recordedAt, due }: Pick<Recall, 'terms' | 'due'> & { readonly recordedAt: Instant }, visit: VisitForRecall): boolean {
  const named = terms.services.includes(visit.service) || terms.visitTypes.some((id) => id === visit.visitType);
  return named && visit.start > recordedAt && localDateOf(visit.start, visit.zone) >= addDays(due, -terms.countsFromDaysBefore);
}
