import type { PracticeId } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Cents, MOST_CENTS, cents, describeCents, sumOf } from './money';
import { type Weight, split } from './split';

const codes = ['desert', 'harbor', 'lakeside', 'mesa', 'north', 'summit'].map((code) => code as PracticeId);
const amount = fc.integer({ min: -MOST_CENTS, max: MOST_CENTS }).map(cents);
const weight = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 10_000_000_000_000 }));
const weights: fc.Arbitrary<Weight[]> = fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1 }).chain((practices) => fc.tuple(...practices.map((practice) => fc.record({ practice: fc.constant(practice), weight }))))
  .filter((all) => all.some((one) => one.weight > 0));
const of = (total: Cents, all: readonly Weight[]) => new Map(split(total, all).map((share) => [share.practice, share.amount]));

describe('largest remainder', () => {
  it('gives shares that sum to the amount to the cent and lie less than a cent beside their exact part', () => {
    fc.assert(fc.property(amount, weights, (total, all) => {
      const shares = split(total, all);
      expect(sumOf(shares.map((share) => share.amount))).toBe(total);
      const sum = all.reduce((s, one) => s + BigInt(one.weight), 0n);
      for (const share of shares) {
        const off = BigInt(share.amount) * sum - BigInt(total) * BigInt(all.find(({ practice }) => practice === share.practice)!.weight);
        expect(off < sum && off > -sum).toBe(true);
      }
    }), { numRuns: 2_000 });
  });

  it('does not depend on the order of the practices', () => {
    fc.assert(fc.property(amount, weights.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), (total, [all, shuffled]) => expect(split(total, shuffled)).toEqual(split(total, all))));
  });

  it('gives equal weights parts that differ by a cent at most, the odd cents by practice code', () => {
    fc.assert(fc.property(amount, fc.subarray(codes, { minLength: 1 }), fc.integer({ min: 1, max: 1_000_000 }), (total, practices, same) => {
      const shares = split(total, practices.map((practice) => ({ practice, weight: same }))).map((share) => Math.abs(share.amount));
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      expect(shares).toEqual([...shares].sort((a, b) => b - a));
    }));
    expect(split(cents(100), codes.slice(0, 3).map((practice) => ({ practice, weight: 1 })))).toEqual([{ practice: 'desert', amount: 34 }, { practice: 'harbor', amount: 33 }, { practice: 'lakeside', amount: 33 }]);
  });

  it('never lets a practice bear less when its own weight rises, nor less than one with a smaller weight', () => {
    fc.assert(fc.property(amount, weights, fc.nat(), fc.integer({ min: 1, max: 1_000_000_000_000 }), (total, all, pick, more) => {
      const risen = all[pick % all.length]!;
      const [before, after] = [of(total, all), of(total, all.map((one) => (one === risen ? { ...one, weight: one.weight + more } : one)))];
      expect(Math.abs(after.get(risen.practice)!)).toBeGreaterThanOrEqual(Math.abs(before.get(risen.practice)!));
      for (const a of all) for (const b of all) if (a.weight > b.weight) expect(Math.abs(before.get(a.practice)!)).toBeGreaterThanOrEqual(Math.abs(before.get(b.practice)!));
    }), { numRuns: 2_000 });
  });

  it('refuses weights that are all zero, below zero or not whole', () => {
    for (const bad of [[], [0, 0], [-1, 2], [0.5]]) expect(() => split(cents(100), bad.map((one, i) => ({ practice: codes[i]!, weight: one })))).toThrow('weight above zero');
  });
});

describe('cents', () => {
  it('are whole, and are shown in dollars', () => {
    expect(() => cents(0.5)).toThrow('whole number of cents');
    expect([0, 5, -5, 123456, -100000000].map((one) => describeCents(cents(one)))).toEqual(['$0.00', '$0.05', '-$0.05', '$1,234.56', '-$1,000,000.00']);
    expect(Object.is(cents(-0), 0)).toBe(true);
  });
});
