import type { Instant, PracticeId } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Choosable, inOrderOfChoice } from './options';

const option = (practice: string, more: Partial<Choosable> = {}): Choosable => ({ practice: practice as PracticeId, name: practice, soonest: null, kilometres: null, ...more });
const anyOption: fc.Arbitrary<Choosable> = fc.record({
  practice: fc.stringMatching(/^[a-z]{1,6}$/).map((code) => code as PracticeId), name: fc.constantFrom('Summit', 'Desert', 'Harbor'),
  soonest: fc.option(fc.integer({ min: 0, max: 3 }).map((ms) => ms as Instant)), kilometres: fc.option(fc.double({ min: 0, max: 30, noNaN: true })),
});
const anyOptions = fc.uniqueArray(anyOption, { selector: ({ practice }) => practice, maxLength: 8 });

describe('the order of options', () => {
  it('is by soonest start, then distance, then name; what is not known comes last', () => {
    const options = [option('none'), option('far', { soonest: 1 as Instant, kilometres: 30 }), option('late', { soonest: 2 as Instant, kilometres: 1 }), option('near', { soonest: 1 as Instant, kilometres: 4 }), option('unknown', { soonest: 1 as Instant })];
    expect(inOrderOfChoice(options).map(({ practice }) => practice)).toEqual(['near', 'far', 'unknown', 'late', 'none']);
  });

  it('does not depend on the order in which practices are found, and loses none', () => {
    fc.assert(fc.property(anyOptions.chain((options) => fc.tuple(fc.constant(options), fc.shuffledSubarray(options, { minLength: options.length }))), ([options, shuffled]) => {
      expect(inOrderOfChoice(shuffled)).toEqual(inOrderOfChoice(options));
      expect(new Set(inOrderOfChoice(options))).toEqual(new Set(options));
    }));
  });

  it('P19: is touched by no fee, no quota used, no earlier referral and no reciprocity, whatever they are', () => {
    const money = fc.record({ fee: fc.integer(), quotaUsed: fc.nat(), quotaLeft: fc.nat(), referralsReceived: fc.nat(), balance: fc.integer(), preferred: fc.boolean(), rank: fc.integer() });
    fc.assert(fc.property(anyOptions.chain((options) => fc.tuple(fc.constant(options), fc.array(money, { minLength: options.length, maxLength: options.length }))), ([options, facts]) => {
      const tempting = options.map((one, i) => ({ ...one, ...facts[i] }));
      expect(inOrderOfChoice(tempting).map(({ practice }) => practice)).toEqual(inOrderOfChoice(options).map(({ practice }) => practice));
    }));
  });
});
