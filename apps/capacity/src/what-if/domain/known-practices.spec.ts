import fc from 'fast-check';
import { simulationTask } from '../../simulation/simulation-task';
import { type KnownPractice, partnershipOf, partnershipTogether } from './known-practices';
import { TooLittleKnown } from './what-if.errors';

const known = (id: string, over: Partial<KnownPractice> = {}): KnownPractice =>
  ({ id, weeks: 13, days: 65, minutes: 65 * 600, sharedMinutes: 0, visitMinutes: 30, requests: 1_300, visits: 1_000, calledOff: 100, missed: 50, fulfilled: 850, leadDays: 7, ...over });

describe('a partnership from what is known of it', () => {
  it('has slots a day, first requests over slots, the share that is open now, and the behaviour of the own patients, as counted by hand', () => {
    const { practices, rules, behaviour } = partnershipOf([known('harbor', { days: 39, minutes: 39 * 600, requests: 780 }), known('summit', { sharedMinutes: 3_900 })], 'summit', { soonerDays: 1 });
    // 20 slots on three days of five are 12 a day; a tenth of the visits is called off and asked for again. Of the partner: 702 of 780 slots, to the next step of 11.
    expect(practices).toEqual([{ id: 'harbor', slotsPerDay: 12, load: 0.902564, neighbours: { summit: 0.6 } }, { id: 'summit', slotsPerDay: 20, load: 0.9, neighbours: { harbor: 0.6 } }]);
    expect(rules).toEqual({ share: 0.1, releaseDays: 0, soonerDays: 1, guardDays: null });
    expect(behaviour.cancelRate).toBe(0.1);
    // 5.6 % of 900 at a mean lead of five working days, where 5.9 % are published.
    expect(behaviour.noShow.find(({ days }) => days === 2)?.rate).toBeCloseTo(50 / 900, 4);
  });

  it('P18: tells partners apart by no fewer requests than are shown', () => {
    const loadWith = (requests: number): number => partnershipOf([known('harbor', { requests, minutes: 6_000, days: 65, calledOff: 0 }), known('summit')], 'summit', {}).practices[0]!.load;
    fc.assert(fc.property(fc.integer({ min: 11, max: 300 }), (requests) => {
      // 200 slots: a step is eleven requests.
      const [load, step] = [loadWith(requests), 11 / 200];
      expect(Math.abs(load / step - Math.round(load / step))).toBeLessThan(1e-4);
      expect(loadWith(Math.round(load / step) * 11)).toBeCloseTo(load, 6);
    }));
  });

  it('shares all of its time at most: time that is open under two agreements is counted under both', () => {
    const twice = { sharedMinutes: 65 * 1_200 };
    expect(partnershipOf([known('summit', twice), known('harbor')], 'summit', {}).rules.share).toBe(1);
    expect(partnershipTogether([known('summit', twice), known('harbor', twice)]).rules.share).toBe(1);
  });

  it('can be simulated whatever was counted, or says what is missing', () => {
    const [count, minutes] = [fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 200_000 })];
    // Moves and cancellations are told one after the other, so that for a moment a sum may be below zero.
    const odd = fc.integer({ min: -50, max: 5_000 });
    const counts = fc.record({ weeks: fc.constant(13), days: fc.integer({ min: 1, max: 91 }), minutes, sharedMinutes: minutes, visitMinutes: fc.integer({ min: 5, max: 240 }), requests: count, visits: odd, calledOff: odd, missed: count, fulfilled: count, leadDays: fc.double({ min: -2, max: 400, noNaN: true }) });
    let simulated = 0;
    fc.assert(fc.property(counts, counts, (one, other) => {
      for (const make of [() => partnershipOf([known('summit', one), known('harbor', other)], 'summit', {}), () => partnershipTogether([known('summit', one), known('harbor', other)])]) {
        try {
          expect(simulationTask.shape.partnership.safeParse(make()).error).toBeUndefined();
          simulated++;
        } catch (error) {
          if (!(error instanceof TooLittleKnown)) throw error;
        }
      }
    }), { numRuns: 500 });
    expect(simulated).toBeGreaterThan(50);
  });

  it('has an invented partner that is exactly as busy as the practice that it stands beside', () => {
    const own = known('summit', { requests: 1_237, minutes: 65 * 595 });
    const [summit, invented] = partnershipOf([own, { ...own, id: 'invented-partner' }], 'summit', {}, 'invented-partner').practices;
    expect([invented!.slotsPerDay, invented!.load]).toEqual([summit!.slotsPerDay, summit!.load]);
  });

  it('says in a sentence what is missing, of a partner no count', () => {
    expect(() => partnershipOf([known('harbor', { weeks: 3 }), known('summit', { weeks: 7 })], 'summit', {})).toThrow('Practice harbor has scheduled time in fewer than 8 of the last 13 weeks; 8 are needed. Your practice has scheduled time in 7 of');
    expect(() => partnershipOf([known('summit', { visitMinutes: null })], 'summit', {})).toThrow('no visits');
    expect(() => partnershipOf([known('summit'), known('harbor', { requests: 10 })], 'summit', {})).toThrow('Practice harbor had too few requests');
    expect(() => partnershipOf([known('summit', { requests: 5_000 })], 'summit', {})).toThrow('cannot be all of it');
  });
});
