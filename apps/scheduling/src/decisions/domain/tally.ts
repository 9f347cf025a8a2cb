import type { PracticeId } from '@slotmesh/kernel';

export type Vote = 'yes' | 'no' | 'abstain';
export interface Member {
  readonly practice: PracticeId;
  /** A positive integer. */
  readonly weight: number;
}
export interface CastVote {
  readonly practice: PracticeId;
  readonly vote: Vote;
}
/** Sums of weights. */
export interface Tally {
  /** Of all members but those who do not count. */
  readonly eligible: number;
  readonly voted: number;
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
}
export type Result = 'carried' | 'lost' | 'no-quorum';
export interface Counting {
  readonly members: readonly Member[];
  /** Percent of the eligible weights that have to vote. */
  readonly quorum: number;
  /** Percent, 50 at least. */
  readonly threshold: number;
  readonly votes: readonly CastVote[];
  /** Members in conflict, and members that have left: they count neither for the quorum nor for the result. */
  readonly notCounted: readonly PracticeId[];
}

/**
 * Counts a motion. There is a quorum where those who voted (an abstention is a vote) have `quorum` percent of the eligible weights or more. It is carried where *more* than `threshold` percent of the weights
 * that voted say yes (at 100: all of them), so that a tie is lost, and an abstention weighs like a no. Only whole numbers are compared.
 */
export function resultOf({ members, quorum, threshold, votes, notCounted }: Counting): { readonly result: Result; readonly tally: Tally } {
  const counted = members.filter(({ practice }) => !notCounted.includes(practice));
  const weightOf = new Map(counted.map(({ practice, weight }) => [practice, weight]));
  const sumOf = (wanted: Vote): number => votes.filter(({ vote }) => vote === wanted).reduce((sum, { practice }) => sum + (weightOf.get(practice) ?? 0), 0);
  const [yes, no, abstain] = [sumOf('yes'), sumOf('no'), sumOf('abstain')];
  const tally: Tally = { eligible: counted.reduce((sum, { weight }) => sum + weight, 0), voted: yes + no + abstain, yes, no, abstain };
  if (tally.voted === 0 || tally.voted * 100 < quorum * tally.eligible) return { result: 'no-quorum', tally };
  const carried = threshold === 100 ? yes === tally.voted : yes * 100 > threshold * tally.voted;
  return { result: carried ? 'carried' : 'lost', tally };
}

/** Nobody is left who could vote. As long as somebody is, a vote may still be changed until the motion is due. */
export const isSettled = ({ members, notCounted }: Pick<Counting, 'members' | 'notCounted'>): boolean => members.every(({ practice }) => notCounted.includes(practice));
