import { z } from 'zod';
import { appointmentId, instantText, patientId, practiceId } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

/** `not-sent`: none of those that were due ever left, though the patient has a channel for them. `not-called`: the desk was to phone and did not. */
export const reminderFailure = z.enum(['not-sent', 'expired', 'undelivered', 'unknown', 'not-called']);
const about = z.object({ appointment: appointmentId, host: practiceId, patient: patientId, revision: z.int().positive(), at: instantText });

export const ReminderFailed = defineEvent(topics.reminder, 'failed', 'The patient missed a visit, and not one of its reminders reached them, by no choice of theirs.', about.extend({ reason: reminderFailure }));
/** The visit is missed no more, or a reminder did arrive. */
export const ReminderFailureWithdrawn = defineEvent(topics.reminder, 'failure-withdrawn', 'It is no longer said that the reminders of a missed visit failed.', about);
