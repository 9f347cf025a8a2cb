import type { DecisionId, Instant, LocalDate, PartnershipId, PracticeId, Zone } from '@slotmesh/kernel';
import type { CastVote, Member, Result, Tally } from './tally';

export type DecisionKind = 'ordinary' | 'membership' | 'budget' | 'other';
export type DecisionState = 'open' | Result | 'withdrawn';

export interface Motion {
  readonly title: string;
  readonly motion: string;
  readonly kind: DecisionKind;
  readonly quorum: number;
  readonly threshold: number;
  readonly opensAt: Instant;
  readonly dueAt: Instant;
}
export interface Decision extends Motion {
  readonly id: DecisionId;
  readonly partnership: PartnershipId;
  /** Members when it was moved, with their weights. */
  readonly members: readonly Member[];
  readonly mover: PracticeId;
  readonly movedBy: string;
  readonly movedAt: Instant;
  readonly state: DecisionState;
  readonly decidedAt: Instant | null;
  readonly tally: Tally | null;
  /** Members that had left by the time of the count. */
  readonly departed: readonly PracticeId[];
  readonly withdrawnReason: string | null;
}
export interface RecordedVote extends CastVote {
  readonly by: string;
  readonly at: Instant;
}
export interface Conflict {
  readonly practice: PracticeId;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
}
export interface DecisionTask {
  readonly id: string;
  readonly decision: DecisionId;
  readonly owner: PracticeId;
  /** The owner's; by it `dueOn` is over. */
  readonly zone: Zone;
  readonly what: string;
  readonly dueOn: LocalDate;
  readonly done: { readonly evidence: string; readonly by: string; readonly at: Instant } | null;
}
