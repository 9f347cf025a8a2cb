import { recallKind, recallState, serviceCode, visitTypeId } from '@slotmesh/contracts';
import type { AppointmentId, Instant, LocalDate, PatientId, PracticeId, RecallId, Zone } from '@slotmesh/kernel';
import { z } from 'zod';

export type RecallKind = z.output<typeof recallKind>;
export type RecallState = z.output<typeof recallState>;

/** When the patient is asked to book, and which visit makes asking needless. */
export const recallTerms = z.object({
  /** The first message goes so many calendar days before the due date, or at once where that day is over. */
  firstDaysBefore: z.int().min(0).max(180).default(14),
  repeatEveryDays: z.int().min(3).max(365).default(21),
  /** Messages at most; then the recall waits for the desk. */
  maxMessages: z.int().min(1).max(12).default(3),
  /** A visit of one of these at this practice stands for the recall. Neither: only a person ends it. */
  services: z.array(serviceCode).max(50).default([]),
  visitTypes: z.array(visitTypeId).max(50).default([]),
  /** A visit earlier than so many days before the due date is another matter. */
  countsFromDaysBefore: z.int().min(0).max(365).default(90),
  /** The next one is made so many months after this one was done; null: it does not recur. */
  everyMonths: z.int().min(1).max(120).nullable().default(null),
});
export type RecallTerms = z.output<typeof recallTerms>;

export interface Recall {
  readonly id: RecallId;
  readonly practice: PracticeId;
  readonly patient: PatientId;
  readonly kind: RecallKind;
  readonly revision: number;
  readonly state: RecallState;
  /** Why it was stopped, or, while it is open, why nobody is written to any more. */
  readonly reason: string | null;
  readonly due: LocalDate;
  readonly zone: Zone;
  readonly terms: RecallTerms;
  /** Asked for since the due date was set. */
  readonly messages: number;
  readonly lastMessageAt: Instant | null;
  readonly appointment: AppointmentId | null;
  readonly doneOn: LocalDate | null;
  readonly rule: string | null;
  /** The fulfilled visit after which a rule made it. */
  readonly madeAfter: AppointmentId | null;
  readonly previous: RecallId | null;
  readonly sealedNote: string | null;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
}

export const isClosed = ({ state }: Pick<Recall, 'state'>): boolean => state === 'done' || state === 'declined' || state === 'stopped';
