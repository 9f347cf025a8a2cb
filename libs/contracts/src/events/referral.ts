import { z } from 'zod';
import { appointmentId, instantText, localDate, patientId, practiceId, referralId, serviceCode, zone } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

export const referralStatus = z.enum(['sent', 'received', 'accepted', 'authorised', 'scheduled', 'seen', 'note-returned', 'closed', 'declined', 'cancelled']);
export const referralUrgency = z.enum(['routine', 'urgent', 'stat']);
export const referralDeclineCode = z.enum(['not-our-field', 'no-capacity', 'information-missing', 'payer-not-accepted', 'duplicate', 'other']);
const side = z.enum(['sender', 'receiver']);

/** The whole referral after the change; every referral event carries it, so that a reader needs no history. Names no person, and nothing of what was written. */
export const referralSnapshot = z.object({
  id: referralId,
  version: z.int().positive(),
  status: referralStatus,
  sender: practiceId,
  /** Null: a place outside the network, which the sender follows by itself. */
  receiver: practiceId.nullable(),
  /** The sender's record of the patient. */
  patient: patientId,
  /** The receiver's own record, given with the referral. */
  receiverPatient: patientId.nullable(),
  service: serviceCode,
  urgency: referralUrgency,
  needsAuthorisation: z.boolean(),
  authorisationExpires: localDate.nullable(),
  declineCode: referralDeclineCode.nullable(),
  /** The visit that was booked from it, while it stands. */
  appointment: appointmentId.nullable(),
  visitAt: instantText.nullable(),
  sentAt: instantText,
  /** When the present status began, when its next step is due (null: none is) and whose step that is. */
  since: instantText,
  dueAt: instantText.nullable(),
  waitsFor: side.nullable(),
  /** By whose calendar working days are counted. */
  zone,
});
export type ReferralSnapshot = z.output<typeof referralSnapshot>;

const change = z.object({
  referral: referralSnapshot,
  /** The side whose desk did it, or the visit that was booked, moved, called off, missed or completed. */
  by: z.object({ kind: z.enum([...side.options, 'visit']), practice: practiceId.nullable() }),
});

export const ReferralSent = defineEvent(topics.referral, 'sent', 'A patient was referred.', change);
export const ReferralStatusChanged = defineEvent(topics.referral, 'status-changed', 'The referral went a step on or, its visit off or missed, back; with the same status, its visit moved or its authorisation was renewed.', change.extend({ previous: referralStatus }));
