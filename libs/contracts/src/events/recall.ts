import { z } from 'zod';
import { appointmentId, localDate, patientId, practiceId, recallId, zone } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

export const recallKind = z.enum(['annual-visit', 'vaccination', 'screening', 'care-plan']);
/** `booked`: a visit stands for it. Behind `done`, `declined` and `stopped` nothing follows. */
export const recallState = z.enum(['open', 'booked', 'done', 'declined', 'stopped']);

/** The whole recall after the change. Names no person, and nothing of what staff wrote. */
export const recallSnapshot = z.object({
  id: recallId, practice: practiceId, patient: patientId, kind: recallKind,
  /** Rises when due date or state changes; the sending fence uses it. */
  revision: z.int().positive(),
  state: recallState,
  /** Why it was stopped, or is asked about no more though it is open; a stable code. */
  reason: z.string().nullable(),
  due: localDate, zone,
  /** The visit that stands for it. */
  appointment: appointmentId.nullable(),
});
export type RecallSnapshot = z.output<typeof recallSnapshot>;

const change = z.object({ recall: recallSnapshot });
export const RecallRecorded = defineEvent(topics.recall, 'recorded', 'A patient is, or will be, due for something.', change);
export const RecallChanged = defineEvent(topics.recall, 'changed', 'The recall has another due date, or a visit was booked for it or fell away.', change);
export const RecallClosed = defineEvent(topics.recall, 'closed', 'The recall is done, declined or stopped.', change);
