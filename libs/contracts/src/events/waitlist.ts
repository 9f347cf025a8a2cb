import { z } from 'zod';
import { appointmentId, instantText, offerId, offerRoundId, patientId, practiceId, providerId, serviceCode, siteId, visitTypeId, waitlistEntryId, zone } from '../primitives';
import { topics } from '../topics';
import { modality } from './appointment';
import { channel } from './messages';
import { defineEvent } from './define-event';

/** Clinical urgency, the first thing that orders a wait list. */
export const waitlistUrgency = z.enum(['urgent', 'soon', 'routine']);
export const waitlistOutcome = z.enum(['booked', 'withdrawn']);
export const WaitlistEntryAdded = defineEvent(topics.waitlistEntry, 'added', 'A patient waits for an earlier time.', z.object({
  id: waitlistEntryId, practice: practiceId, patient: patientId, service: serviceCode, urgency: waitlistUrgency, at: instantText,
}));
export const WaitlistEntryEnded = defineEvent(topics.waitlistEntry, 'ended', 'The patient waits no more.', z.object({
  id: waitlistEntryId, practice: practiceId, outcome: waitlistOutcome, appointment: appointmentId.nullable(), at: instantText,
  /** `deceased`: withdrawn because the patient's death was recorded; absent: by a wish or a booking. */
  reason: z.enum(['deceased']).optional(),
}));
/** Why a fact of its own: who reads `ended` knows only its two outcomes. */
export const WaitlistEntryExpired = defineEvent(topics.waitlistEntry, 'expired', 'The patient waited until the time that was set, in vain.', z.object({ id: waitlistEntryId, practice: practiceId, at: instantText }));

export const offerState = z.enum(['open', 'accepted', 'declined', 'expired', 'lost', 'not-reached', 'withdrawn']);
/** A time that was given back, kept for a waiting patient for some minutes. `practice` is the patient's own, which sends; `host` has the calendar. Names no person. */
export const offerSnapshot = z.object({
  id: offerId,
  /** 1 while it is open, 2 once it has ended: an answer to one that has ended changes nothing. */
  revision: z.int().positive(),
  state: offerState,
  round: offerRoundId, entry: waitlistEntryId, practice: practiceId, host: practiceId, patient: patientId,
  service: serviceCode, visitType: visitTypeId, site: siteId, provider: providerId, modality, start: instantText, end: instantText, zone,
  /** How the patient is asked, in this order; empty: the desk phones. */
  channels: z.array(channel),
  expiresAt: instantText,
  /** A later visit of the patient that a yes gives up; absent: none. */
  replaces: z.object({ appointment: appointmentId, start: instantText, zone }).optional(),
  /** Nothing of it goes to a representative's phone or address, parents included; absent: no. */
  confidential: z.boolean().optional(),
});
export type OfferSnapshot = z.output<typeof offerSnapshot>;

export const OfferMade = defineEvent(topics.offer, 'made', 'A waiting patient may have a time that was given back.', z.object({ offer: offerSnapshot }));
/** `answer` is the id of the patient's answer that ended it, `appointment` what was booked by it. */
export const OfferEnded = defineEvent(topics.offer, 'ended', 'The offer is over; its state says how.', z.object({ offer: offerSnapshot, answer: z.uuid().nullable(), appointment: appointmentId.nullable() }));
/** The answer came when the offer was over. */
export const OfferAnswerRefused = defineEvent(topics.offer, 'answer-refused', 'An answer changed nothing: the time is gone or was booked already.', z.object({ offer: offerSnapshot, answer: z.uuid() }));

export const offerRoundOutcome = z.enum(['filled', 'nobody-waits', 'exhausted', 'not-open', 'taken-by-desk']);
/** `freedBy` is the visit that was given up (null: a closure was lifted), `offers` how many were made, `appointment` what filled it. Names neither who waited nor at which practice. */
export const OfferRoundEnded = defineEvent(topics.offerRound, 'ended', 'A time that was given back has been offered to who waited for it; its outcome says how that ended.', z.object({
  id: offerRoundId, host: practiceId, service: serviceCode, visitType: visitTypeId, provider: providerId, site: siteId, start: instantText, end: instantText, zone,
  freedBy: appointmentId.nullable(), freedAt: instantText, outcome: offerRoundOutcome, offers: z.int().nonnegative(), appointment: appointmentId.nullable(), at: instantText,
}));
