import { z } from 'zod';
import { agreementId, appointmentId, holdId, instantText, openingId, patientId, practiceId, providerId, seriesId, serviceCode, siteId, visitChainId, visitTypeId, zone } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

export const appointmentStatus = z.enum(['proposed', 'pending', 'booked', 'arrived', 'checked-in', 'fulfilled', 'cancelled', 'noshow', 'waitlist', 'entered-in-error']);
/** FHIR participant status of the patient; `confirm` sets it to accepted and touches nothing else. */
export const participation = z.enum(['needs-action', 'accepted', 'declined', 'tentative']);
export const modality = z.enum(['in-person', 'video', 'phone']);

/** The whole appointment after the change; every appointment event carries it, so that a reader needs no history. Names no person. */
export const appointmentSnapshot = z.object({
  id: appointmentId,
  /** Rises only when time, place, provider, modality or booked/cancelled changes. Timers, the sending fence and ICS SEQUENCE use it. */
  revision: z.int().positive(),
  status: appointmentStatus,
  participation,
  host: practiceId,
  booking: practiceId,
  /** The host's record of the patient: who is reminded. */
  patient: patientId,
  /** The booking practice's own record, where another practice booked. */
  bookingPatient: patientId.nullable(),
  site: siteId, provider: providerId, visitType: visitTypeId, service: serviceCode, modality,
  start: instantText, end: instantText, zone,
  bookedAt: instantText,
  /** When it was first asked for, where it goes on from another visit (and that one perhaps from another); absent: when it was booked. */
  askedAt: instantText.optional(),
  /** The last moment at which the patient may call it off or move it without that counting as late; absent: at any time. */
  cancelFreeUntil: instantText.optional(),
  /** Where its host answers partners first: until when, and the answer; `waiting` while `pending`, `lapsed` where nobody answered in time. Absent: booked at once. */
  approval: z.object({ by: instantText, state: z.enum(['waiting', 'approved', 'declined', 'lapsed', 'withdrawn']) }).optional(),
  /** Under which another practice booked; absent for the host's own visits. */
  agreement: agreementId.optional(),
  /** The series, or the chain of linked visits, that the visit is part of; absent for a single visit. */
  series: seriesId.optional(), chain: visitChainId.optional(),
  /** The patient asked that nobody else learns of it: it is never told to a representative's phone or address. Absent: no. */
  confidential: z.boolean().optional(),
});
export type AppointmentSnapshot = z.output<typeof appointmentSnapshot>;

/** Who caused it: the desk of host or booking practice, the patient (by an answer or the own page), or the system. */
export const initiator = z.object({ kind: z.enum(['host', 'booking', 'patient', 'system']), practice: practiceId.nullable() });
const change = z.object({ appointment: appointmentSnapshot, by: initiator });

/** `replaces`: it goes on from another visit, which ended with it, and the patient is told of a move. */
export const AppointmentBooked = defineEvent(topics.appointment, 'booked', 'Time was booked; with status pending its host has to approve it first.', change.extend({ replaces: appointmentId.optional() }));
export const AppointmentRescheduled = defineEvent(topics.appointment, 'rescheduled', 'The visit moved; the revision rose.', change.extend({ previousStart: instantText, previousEnd: instantText }));
/** `goesOn`: another visit takes its place in the same moment, and tells the patient. */
export const AppointmentCancelled = defineEvent(topics.appointment, 'cancelled', 'The visit will not take place; the revision rose.', change.extend({ reason: z.string(), answer: z.uuid().nullable().default(null), goesOn: z.boolean().optional() }));
/** `answer` is the id of the patient's answer that caused it, null when a desk did. */
export const AppointmentConfirmed = defineEvent(topics.appointment, 'confirmed', 'The patient will come; participation is accepted.', change.extend({ answer: z.uuid().nullable().default(null) }));
/** Arrived, checked in, fulfilled, no-show, reopened, approved, declined, entered in error. */
export const AppointmentStatusChanged = defineEvent(topics.appointment, 'status-changed', 'The visit went a step on.', change.extend({ previous: appointmentStatus }));
/** The host wants to ask the patient by phone: its days are closed, and these are times to which the visit could go, best first; they may be gone by the call. */
export const AppointmentCallAsked = defineEvent(topics.appointment, 'call-asked', 'The host asks for a call to the patient.', change.extend({ reason: z.enum(['absence']), proposals: z.array(z.object({ opening: openingId, practice: practiceId, start: instantText, zone })).max(3) }));
/** The days are open again, or it was agreed that the visit takes place: nobody needs to be called about them any more. */
export const AppointmentCallWithdrawn = defineEvent(topics.appointment, 'call-withdrawn', 'The host asks no longer for a call.', change.extend({ reason: z.enum(['absence']) }));
/** An answer that could not be applied: it belonged to a superseded revision, the step is not allowed now, or a visit that is urgent or referred is not ended by a text and the desk decides. */
export const AppointmentAnswerRefused = defineEvent(topics.appointment, 'answer-refused', "A patient's answer changed nothing.", z.object({ appointment: appointmentSnapshot, answer: z.uuid(), why: z.enum(['superseded', 'not-allowed', 'desk-decides']) }));

export const HoldPlaced = defineEvent(topics.hold, 'placed', 'An opening is kept for one desk for some minutes.', z.object({
  id: holdId, opening: openingId, host: practiceId, holder: practiceId, provider: providerId, visitType: visitTypeId, site: siteId, start: instantText, end: instantText, expiresAt: instantText,
}));
export const HoldEnded = defineEvent(topics.hold, 'ended', 'The hold is over: booked, released by its holder, or expired.', z.object({
  id: holdId, host: practiceId, holder: practiceId, outcome: z.enum(['booked', 'released', 'expired']), at: instantText,
}));
