import type { PracticeId } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Counting, type Vote, isSettled, resultOf } from './tally';

const name = (i: number): PracticeId => `practice-${i}` as PracticeId;
const votes = fc.constantFrom<Vote | 'absent'>('yes', 'no', 'abstain', 'absent');
const countings = fc.tuple(fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), votes, fc.boolean()), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 50, max: 100 })).map(([rows, quorum, threshold]): Counting => ({
  members: rows.map(([weight], i) => ({ practice: name(i), weight })), quorum, threshold,
  votes: rows.flatMap(([, vote], i) => (vote === 'absent' ? [] : [{ practice: name(i), vote }])), notCounted: rows.flatMap(([, , conflicted], i) => (conflicted ? [name(i)] : [])),
}));
const of = (weights: number[], cast: (Vote | null)[], quorum: number, threshold = 50, notCounted: number[] = []): Counting => ({
  members: weights.map((weight, i) => ({ practice: name(i), weight })), quorum, threshold, votes: cast.flatMap((vote, i) => (vote === null ? [] : [{ practice: name(i), vote }])), notCounted: notCounted.map(name),
});
const changed = (counting: Counting, i: number, vote: Vote): Counting => ({ ...counting, votes: counting.votes.map((one, at) => (at === i ? { ...one, vote } : one)) });

describe('the count of a motion', () => {
  it('does not depend on the order of votes or members', () => {
    fc.assert(fc.property(countings.chain((counting) => fc.tuple(fc.constant(counting), fc.shuffledSubarray([...counting.votes], { minLength: counting.votes.length }), fc.shuffledSubarray([...counting.members], { minLength: counting.members.length }))),
      ([counting, shuffled, members]) => expect(resultOf({ ...counting, votes: shuffled, members })).toEqual(resultOf(counting))));
  });

  it('never carries by an abstention: neither where a yes or a no becomes one, nor where all are', () => {
    fc.assert(fc.property(countings, fc.nat(), (counting, at) => {
      if (counting.votes.length === 0) return;
      const before = resultOf(counting).result;
      const after = resultOf(changed(counting, at % counting.votes.length, 'abstain')).result;
      if (after === 'carried') expect(before).toBe('carried');
      expect(resultOf({ ...counting, votes: counting.votes.map((vote) => ({ ...vote, vote: 'abstain' })) }).result).not.toBe('carried');
    }));
  });

  it('never counts the weight of a member in conflict, whatever it voted', () => {
    fc.assert(fc.property(countings, votes, (counting, vote) => {
      const without: Counting = { ...counting, members: counting.members.filter(({ practice }) => !counting.notCounted.includes(practice)), votes: counting.votes.filter(({ practice }) => !counting.notCounted.includes(practice)), notCounted: [] };
      const voting: Counting = { ...counting, votes: [...without.votes, ...(vote === 'absent' ? [] : counting.notCounted.map((practice) => ({ practice, vote })))] };
      expect(resultOf(voting)).toEqual(resultOf(without));
    }));
  });

  it('takes more yes for more: a vote that turns to yes never loses a motion', () => {
    fc.assert(fc.property(countings, fc.nat(), (counting, at) => {
      if (counting.votes.length === 0 || resultOf(counting).result !== 'carried') return;
      expect(resultOf(changed(counting, at % counting.votes.length, 'yes')).result).toBe('carried');
    }));
  });

  it('has a quorum from exactly its percent on', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 99 }), (quorum) => {
      const present = (weight: number) => resultOf(of([weight, 100 - weight], ['yes', null], quorum)).result;
      expect(present(quorum)).toBe('carried');
      if (quorum > 1) expect(present(quorum - 1)).toBe('no-quorum');
    }));
    expect(resultOf(of([1, 2], ['yes', null], 34)).result).toBe('no-quorum');
    expect(resultOf(of([1, 2], ['yes', null], 33)).result).toBe('carried');
  });

  it('loses a tie, and at 100 percent by a single abstention', () => {
    expect(resultOf(of([1, 1], ['yes', 'no'], 50)).result).toBe('lost');
    expect(resultOf(of([2, 1, 1], ['yes', 'no', 'abstain'], 50)).result).toBe('lost');
    expect(resultOf(of([2, 1], ['yes', 'no'], 50, 66)).result).toBe('carried');
    expect(resultOf(of([2, 1], ['yes', 'yes'], 50, 100)).result).toBe('carried');
    expect(resultOf(of([2, 1], ['yes', 'abstain'], 50, 100)).result).toBe('lost');
  });

  it('has no quorum where nobody is left to vote, and is settled only then', () => {
    const nobody = of([1, 2], [null, null], 1, 50, [0, 1]);
    expect([resultOf(nobody).result, isSettled(nobody)]).toEqual(['no-quorum', true]);
    expect(isSettled(of([1, 2], ['yes', null], 50, 50, [0]))).toBe(false);
  });
});
