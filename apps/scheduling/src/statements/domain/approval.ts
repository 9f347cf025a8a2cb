import type { PracticeId } from '@slotmesh/kernel';

export type Verdict = 'approved' | 'disputed';
export interface PartyVerdict {
  readonly practice: PracticeId;
  readonly verdict: Verdict;
  readonly by: string;
  readonly reason: string | null;
}
export type StatementState = 'drafted' | 'disputed' | 'final';

/** Final once every party approved; a dispute keeps it open until that party approves after all or the statement is withdrawn. */
export function stateAfter(practices: readonly PracticeId[], verdicts: readonly Pick<PartyVerdict, 'practice' | 'verdict'>[]): StatementState {
  if (verdicts.some(({ verdict }) => verdict === 'disputed')) return 'disputed';
  return practices.every((practice) => verdicts.some((one) => one.practice === practice && one.verdict === 'approved')) ? 'final' : 'drafted';
}
