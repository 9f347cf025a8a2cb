import { type AgreementId, DAY, type DisputeId, type Instant, type PracticeId, plusMs } from '@slotmesh/kernel';
import { DisputeStepRefused, NotYoursToDo, OutsideTooEarly } from './dispute.errors';

export type DisputeState = 'open' | 'answered' | 'met' | 'mediated' | 'closed';
export type DisputeStep = 'answer' | 'meet' | 'mediate';
export type DisputeOutcome = 'agreed' | 'withdrawn' | 'outside';

/** One step after the other; days count from the opening. */
const COURSE = [
  { step: 'answer', from: 'open', to: 'answered', days: 10 },
  { step: 'meet', from: 'answered', to: 'met', days: 20 },
  { step: 'mediate', from: 'met', to: 'mediated', days: 45 },
] as const satisfies readonly { readonly step: DisputeStep; readonly from: DisputeState; readonly to: DisputeState; readonly days: number }[];

/** A standard as it was measured when the dispute was opened. */
export interface BreachedStandard {
  readonly measure: string;
  readonly value: number;
  readonly limit: number;
  readonly cases: number;
  readonly periodDays: number;
  readonly asOf: string;
}
export interface Dispute {
  readonly id: DisputeId;
  readonly agreement: AgreementId;
  readonly opener: PracticeId;
  readonly against: PracticeId;
  readonly matter: string;
  /** Null: it is about something else. */
  readonly standard: BreachedStandard | null;
  readonly openedBy: string;
  readonly openedAt: Instant;
  readonly state: DisputeState;
  /** Until when the next step is to be done; null: none is. */
  readonly dueAt: Instant | null;
  /** The step that everybody was told is overdue. */
  readonly toldOf: DisputeStep | null;
  /** Whose person says that the two agree; the other party has yet to say so. */
  readonly agreedBy: PracticeId | null;
  readonly agreedText: string | null;
  readonly outcome: DisputeOutcome | null;
  readonly closedBy: string | null;
  readonly closedAt: Instant | null;
  readonly closing: string | null;
}
export interface DoneStep {
  readonly step: DisputeStep;
  readonly practice: PracticeId;
  readonly text: string;
  readonly by: string;
  readonly at: Instant;
  readonly dueAt: Instant;
}

export const firstDue = (openedAt: Instant): Instant => plusMs(openedAt, COURSE[0].days * DAY);
export const nextStepOf = (state: DisputeState): DisputeStep | null => COURSE.find(({ from }) => from === state)?.step ?? null;
export const isOverdue = ({ dueAt }: Pick<Dispute, 'dueAt'>, now: Instant): boolean => dueAt !== null && dueAt <= now;
/** Who may do a step: the answer is the other party's, meeting and mediation are written down by either. */
export const dueFrom = ({ opener, against }: Pick<Dispute, 'opener' | 'against'>, step: DisputeStep): readonly PracticeId[] => (step === 'answer' ? [against] : [opener, against]);

type Course = Pick<Dispute, 'state' | 'opener' | 'against' | 'openedAt' | 'dueAt'>;

/** The state after a step, late or in time, and until when the next is due. Throws DisputeStepRefused, NotYoursToDo. */
export function afterStep(dispute: Course, step: DisputeStep, by: PracticeId): { readonly state: DisputeState; readonly dueAt: Instant | null } {
  const found = COURSE.find((one) => one.step === step && one.from === dispute.state);
  if (!found) throw new DisputeStepRefused(dispute.state, nextStepOf(dispute.state));
  if (!dueFrom(dispute, step).includes(by)) throw new NotYoursToDo(dispute.against);
  const next = COURSE.find(({ from }) => from === found.to);
  return { state: found.to, dueAt: next ? plusMs(dispute.openedAt, next.days * DAY) : null };
}

/** The opener alone withdraws. To a mediator outside either goes, once the parties have met or a step is overdue. That they agree both say. Throws DisputeStepRefused, NotYoursToDo, OutsideTooEarly. */
export function requireClosing(dispute: Course, outcome: DisputeOutcome, by: PracticeId, now: Instant): void {
  if (dispute.state === 'closed') throw new DisputeStepRefused('closed', null);
  if (outcome === 'withdrawn' && by !== dispute.opener) throw new NotYoursToDo(dispute.opener);
  if (outcome === 'outside' && dispute.state !== 'met' && dispute.state !== 'mediated' && !isOverdue(dispute, now)) throw new OutsideTooEarly();
}
