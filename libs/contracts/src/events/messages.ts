import { z } from 'zod';
import { appointmentId, instantText, language, messageId, messageRequestId, patientId, practiceId, zone } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';
import { blindIndex } from './patient';

/** What a message is about, at which revision. A message has 1..n subjects; each gets its own outcome back. */
export const subject = z.object({ kind: z.enum(['appointment', 'offer', 'recall', 'referral']), id: z.uuid(), revision: z.int().positive() });
export const channel = z.enum(['sms', 'email']);
export const messageClass = z.enum(['exempt-care', 'consented-care', 'recall', 'education', 'marketing', 'answer']);
/** What can be declined by itself: a class of messages, or the question after a visit. */
export const optOutClass = z.enum([...messageClass.options, 'feedback']);
export const templateName = z.enum(['booking-confirmation', 'visit-reminder', 'visit-moved', 'visit-cancelled', 'waitlist-offer', 'waitlist-offer-gone', 'visit-must-move', 'no-show-note', 'feedback-question', 'education', 'recall-due']);

export const MessageRequested = defineEvent(topics.messageRequest, 'requested', 'A step of a reminder plan is due: send one message about these subjects.', z.object({
  id: messageRequestId, host: practiceId, booking: practiceId, patient: patientId,
  subjects: z.array(subject.extend({ step: z.string() })).min(1),
  class: messageClass, template: templateName,
  /** Tried in this order until one accepts. */
  channels: z.array(channel).min(1),
  /** After this instant it is stale and skipped. */
  expiresAt: instantText,
  /** For the order after an outage: nearest visit first. */
  visitStart: instantText,
  /** A notice that the practice moved or cancelled a visit is never dropped: where no text may go it becomes a call at once (P15). */
  mustReach: z.boolean().default(false),
  /** When it should have left by its plan; absent: when it was asked for. */
  dueAt: instantText.optional(),
  /** What the message leads to; absent: nothing but the patient's own page of the visit. */
  page: z.url().optional(),
}));

export const messageOutcome = z.enum(['sent', 'delivered', 'undelivered', 'skipped', 'call-list', 'unknown']);
/** One per subject and change of outcome. `reason` is a stable code such as `superseded`, `quiet-hours`, `opted-out`, `no-contact`, `expired`, `outcome-unknown`. */
export const MessageOutcomeRecorded = defineEvent(topics.message, 'outcome-recorded', 'What became of a message for one of its subjects.', z.object({
  id: messageId, request: messageRequestId, host: practiceId, patient: patientId, subject: subject.extend({ step: z.string() }),
  channel: channel.nullable(), outcome: messageOutcome, reason: z.string().nullable(), at: instantText,
}));

/** `micros`: millionths of the currency's unit. A message that was tried again costs once for each text that left. */
export const MessageCosted = defineEvent(topics.message, 'costed', 'The provider has said what a message has cost.', z.object({
  id: messageId, host: practiceId, attempt: z.uuid(), channel, segments: z.int().nonnegative(), micros: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/), at: instantText,
}));

export const PatientAnswered = defineEvent(topics.answer, 'given', 'The patient answered a message about one subject at one revision.', z.object({
  id: z.uuid(), host: practiceId, patient: patientId, message: messageId, subject,
  answer: z.enum(['confirm', 'cancel', 'move']), at: instantText,
}));

/** `score`: 1 (poor) to 5 (very good), the answer to the one question after a visit. */
export const FeedbackGiven = defineEvent(topics.answer, 'feedback-given', 'The patient answered the question how a visit was.', z.object({
  id: z.uuid(), host: practiceId, patient: patientId, message: messageId, appointment: appointmentId, score: z.int().min(1).max(5), at: instantText,
}));

/** `appointment`: the visit still to come or under way that the phone was last written to about; null where there is none. */
export const InboxReceived = defineEvent(topics.answer, 'inbox-received', 'A text came that somebody at the desk should read.', z.object({
  id: z.uuid(), host: practiceId, appointment: appointmentId.nullable(), receivedAt: instantText,
}));
/** Once for a text; it keeps the id under which it came. */
export const InboxSettled = defineEvent(topics.answer, 'inbox-settled', 'The desk has read a text, or answered it.', z.object({
  id: z.uuid(), host: practiceId, receivedAt: instantText, settledAt: instantText,
}));

export const ConsentChanged = defineEvent(topics.contactPoint, 'consent-changed', 'A phone or an address may, or may no longer, be written to.', z.object({
  index: blindIndex, channel, state: z.enum(['opted-in', 'opted-out']), scope: z.enum(['all', 'practice']),
  /** Only this class of messages; absent: every class. */
  class: optOutClass.optional(),
  practice: practiceId.nullable(), at: instantText,
}));
/** What reminders needs to fix a time: published per patient by notifications. */
export const ContactPreferencesChanged = defineEvent(topics.contactPoint, 'preferences-changed', "A patient's zone, language, quiet hours and usable channels.", z.object({
  patient: patientId, practice: practiceId, zone, language, quietFrom: z.string(), quietUntil: z.string(), channels: z.array(channel),
}));

export const CallListEntryOpened = defineEvent(topics.callListEntry, 'opened', 'Somebody should phone this patient.', z.object({
  id: z.uuid(), host: practiceId, patient: patientId, subject, reason: z.string(), visitStart: instantText, urgent: z.boolean(), at: instantText,
}));
export const CallListEntryClosed = defineEvent(topics.callListEntry, 'closed', 'The call was made, or is no longer needed.', z.object({
  id: z.uuid(), host: practiceId, patient: patientId, outcome: z.string(), at: instantText,
}));
