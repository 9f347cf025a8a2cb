import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { DomainError, type Instant, localDateOf, type Zone } from '@slotmesh/kernel';

export type AppointmentStatus = AppointmentSnapshot['status'];

/** The named steps. `request` and `book` take a waiting visit into the calendar; `confirm` and `reschedule` leave the status as it is. */
export const transitions = [
  'request', 'book', 'approve', 'decline', 'confirm', 'reschedule', 'arrive', 'check-in', 'complete', 'no-show', 'reopen', 'cancel', 'enter-in-error',
] as const;
export type Transition = (typeof transitions)[number];

export const appointmentStatuses = ['proposed', 'pending', 'booked', 'waitlist', 'arrived', 'checked-in', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error'] as const satisfies readonly AppointmentStatus[];

/** From where each step may be taken and where it leads ('same': the status stays). FHIR R4 names no table; DESIGN section 6 does. */
const TABLE: Readonly<Record<Transition, { readonly from: readonly AppointmentStatus[]; readonly to: AppointmentStatus | 'same' }>> = {
  request: { from: ['waitlist'], to: 'pending' },
  book: { from: ['waitlist'], to: 'booked' },
  approve: { from: ['pending'], to: 'booked' },
  decline: { from: ['pending'], to: 'cancelled' },
  // Why only booked: a visit that still waits for the host's yes must not look confirmed to the patient.
  confirm: { from: ['booked'], to: 'same' },
  // Why not pending: the host was asked for this time, and says yes or no to it.
  reschedule: { from: ['booked'], to: 'same' },
  arrive: { from: ['booked'], to: 'arrived' },
  'check-in': { from: ['booked', 'arrived'], to: 'checked-in' },
  complete: { from: ['arrived', 'checked-in'], to: 'fulfilled' },
  'no-show': { from: ['booked', 'arrived'], to: 'noshow' },
  reopen: { from: ['arrived', 'checked-in', 'noshow'], to: 'booked' },
  cancel: { from: ['proposed', 'pending', 'booked', 'waitlist', 'arrived', 'checked-in'], to: 'cancelled' },
  'enter-in-error': { from: appointmentStatuses.filter((status) => status !== 'entered-in-error'), to: 'entered-in-error' },
};

/** The visit as far as a step needs it. */
export interface Steppable {
  readonly status: AppointmentStatus;
  readonly start: Instant;
  readonly end: Instant;
  /** The site's: its dates decide what "the same day" is. */
  readonly zone: Zone;
}

/** The step is not one that the visit's present status (or day) allows; `details.allowed` names those that are. */
export class TransitionNotAllowed extends DomainError {
  constructor(transition: Transition, visit: Steppable, allowed: readonly Transition[]) {
    const late = transition === 'reopen' && TABLE.reopen.from.includes(visit.status);
    const why = late ? 'A visit can be reopened only on its own day.' : `A visit that is ${visit.status} cannot take the step ${transition}.`;
    const next = allowed.length > 0 ? `Allowed now: ${allowed.join(', ')}.` : 'It allows no further step.';
    super('conflict', 'transition-not-allowed', `${why} ${next}`, { transition, status: visit.status, allowed });
  }
}

/** The status after a step. Throws TransitionNotAllowed. */
export function statusAfter(transition: Transition, visit: Steppable, now: Instant): AppointmentStatus {
  const allowed = allowedTransitions(visit, now);
  if (!allowed.includes(transition)) throw new TransitionNotAllowed(transition, visit, allowed);
  const { to } = TABLE[transition];
  return to === 'same' ? visit.status : to;
}

/** The steps that a visit may take now. */
export const allowedTransitions = (visit: Steppable, now: Instant): Transition[] =>
  transitions.filter((name) => TABLE[name].from.includes(visit.status) && (name !== 'reopen' || isSameDay(visit, now)));

/** Whether now is a date of the site on which the visit takes place (a visit over midnight has two). */
export function isSameDay(visit: Steppable, now: Instant): boolean {
  const today = localDateOf(now, visit.zone);
  return localDateOf(visit.start, visit.zone) <= today && today <= localDateOf((visit.end - 1) as Instant, visit.zone);
}

/** What the revision watches. */
export type Revised = Pick<AppointmentSnapshot, 'status' | 'site' | 'provider' | 'modality'> & { readonly start: Instant; readonly end: Instant };

/**
 * The revision after a change: one more when time, place, provider, modality or booked/cancelled changes, else the same. A confirmation, an arrival, a
 * no-show or a reopening changes nothing that a message to the patient could have got wrong.
 */
export const revisionAfter = (revision: number, before: Revised, after: Revised): number =>
  before.start !== after.start || before.end !== after.end || before.site !== after.site || before.provider !== after.provider || before.modality !== after.modality ||
  standing(before.status) !== standing(after.status)
    ? revision + 1
    : revision;

/** Whether the visit is still only wished for, stands in the calendar (also when it is over), or is off. */
export function standing(status: AppointmentStatus): 'asked' | 'booked' | 'off' {
  switch (status) {
    case 'proposed': case 'pending': case 'waitlist': return 'asked';
    case 'cancelled': case 'entered-in-error': return 'off';
    case 'booked': case 'arrived': case 'checked-in': case 'fulfilled': case 'noshow': return 'booked';
  }
}
