import type { AgreementId, AppointmentId, Instant, PatientId, PersonId, PracticeId, ProviderId, ReferralId, SeriesId, ServiceCode, SiteId, VisitChainId, VisitTypeId, Zone } from '@slotmesh/kernel';
import type { Care } from '../../openings/domain/care';
import type { BookableTime, Modality } from '../../openings/domain/opening';
import { type Approval, type ApprovalState, ApprovalTooLate } from './approval';
import { freeUntil } from './cancel-window';
import type { Origin } from './origin';
import { type AppointmentStatus, type Transition, revisionAfter, statusAfter } from './transitions';

export type Participation = 'needs-action' | 'accepted' | 'declined' | 'tentative';

/** A visit's place in its series: the start that the series gave it; another start means that it was moved by itself. */
export interface SeriesPlace {
  readonly id: SeriesId;
  readonly plannedStart: Instant;
}
/** Which of the linked visits it is. */
export interface ChainPlace {
  readonly id: VisitChainId;
  readonly step: number;
}

/** A visit in a host's calendar. Who the patient is stands in the patients' tables. */
export interface Appointment {
  readonly id: AppointmentId;
  readonly revision: number;
  readonly version: number;
  readonly status: AppointmentStatus;
  readonly participation: Participation;
  readonly host: PracticeId;
  readonly booking: PracticeId;
  readonly patient: PatientId;
  readonly bookingPatient: PatientId | null;
  /** Where it was booked from one. */
  readonly referral: ReferralId | null;
  readonly person: PersonId;
  readonly agreement: AgreementId | null;
  readonly quotas: readonly string[];
  readonly site: SiteId;
  readonly provider: ProviderId;
  readonly visitType: VisitTypeId;
  readonly service: ServiceCode;
  readonly modality: Modality;
  readonly zone: Zone;
  readonly start: Instant;
  readonly end: Instant;
  readonly bookedAt: Instant;
  /** When it was first asked for, where it goes on from another visit; null: when it was booked. */
  readonly askedAt: Instant | null;
  readonly bookedBy: string;
  readonly cancelReason: string | null;
  /** The last moment at which the patient may call it off or move it without a mark; null: at any time. */
  readonly cancelFreeUntil: Instant | null;
  readonly sealedReason: string | null;
  readonly sealedAnswers: string | null;
  /** Never shown to a representative, a parent included. */
  readonly confidential: boolean;
  /** What the visit does about the needs of its patient; null where there are none. */
  readonly care: Care | null;
  readonly series: SeriesPlace | null;
  readonly chain: ChainPlace | null;
  /** Null: not found by a public link, as far as anybody said. */
  readonly origin: Origin | null;
  /** The host's answer where it was asked first; null: it was booked at once. */
  readonly approval: Approval | null;
}

/** One named step on (DESIGN section 6). `unapproved`: what becomes of a request that ends here. Throws TransitionNotAllowed, ApprovalTooLate. */
export function step(appointment: Appointment, transition: Exclude<Transition, 'reschedule' | 'confirm'>, now: Instant, unapproved: Exclude<ApprovalState, 'waiting' | 'approved'> = 'withdrawn'): Appointment {
  const status = statusAfter(transition, appointment, now);
  return revised(appointment, { ...appointment, status, ...(appointment.approval?.state === 'waiting' ? answered(appointment, appointment.approval, transition === 'approve' ? 'approved' : unapproved, now) : {}) });
}

function answered({ cancelFreeUntil: until }: Appointment, approval: Approval, state: ApprovalState, now: Instant): Pick<Appointment, 'approval' | 'cancelFreeUntil'> {
  // Why whether or not it was looked at since: an answer after its time would surprise a patient who has made other plans.
  if (state === 'approved' && now >= approval.by) throw new ApprovalTooLate(approval);
  // Why: a request binds nobody, and who hears of the yes inside the window had no moment to change their mind.
  return { approval: { ...approval, state }, cancelFreeUntil: state === 'approved' && until !== null && until > now ? until : null };
}

/** Participation only: the revision stays, so nothing that was sent becomes wrong. */
export function confirm(appointment: Appointment, now: Instant): Appointment {
  return { ...appointment, status: statusAfter('confirm', appointment, now), participation: 'accepted' };
}

/** The same visit at another time; the patient has to be asked again. */
export function moveTo(appointment: Appointment, time: BookableTime, quotas: readonly string[], now: Instant): Appointment {
  const { offering } = time;
  return revised(appointment, {
    ...appointment, status: statusAfter('reschedule', appointment, now), participation: 'needs-action', start: time.start, end: time.end, site: offering.site, provider: offering.provider,
    visitType: offering.visitType, service: offering.service, modality: offering.modality, zone: offering.zone, agreement: time.agreement ?? appointment.agreement, quotas, care: time.care,
    cancelFreeUntil: freeUntil(offering.policy?.cancellationWindowHours ?? null, time.start, now),
    // Why not to another visit type: it asks something else.
    sealedAnswers: offering.visitType === appointment.visitType ? appointment.sealedAnswers : null,
  });
}

const revised = (before: Appointment, after: Appointment): Appointment => ({ ...after, revision: revisionAfter(before.revision, before, after) });
