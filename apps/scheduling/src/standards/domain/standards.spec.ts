import { HOUR, type Instant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { answeredWithinHours, judge, monthBegun, percentOf } from './standards';

const asOf = Date.UTC(2027, 2, 1) as Instant;
const sent = (hoursAgo: number, answeredAfter: number | null) => ({ sentAt: (asOf - hoursAgo * HOUR) as Instant, answeredAt: answeredAfter === null ? null : (asOf - (hoursAgo - answeredAfter) * HOUR) as Instant });
const referrals = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.option(fc.integer({ min: 0, max: 500 }))).map(([ago, after]) => sent(ago, after === null ? null : Math.min(after, ago))), { minLength: 1, maxLength: 60 });

describe('service standards', () => {
  it('tells the hours within which nine of ten referrals were answered, in whatever order they came', () => {
    expect(answeredWithinHours([...Array.from({ length: 9 }, () => sent(100, 2)), sent(100, 50)], asOf)).toEqual({ value: 2, cases: 10 });
    expect(answeredWithinHours([...Array.from({ length: 8 }, () => sent(100, 2)), sent(100, 50), sent(200, null)], asOf)).toEqual({ value: 50, cases: 10 });
    expect(answeredWithinHours([], asOf)).toEqual({ value: null, cases: 0 });
    fc.assert(fc.property(referrals.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), ([list, shuffled]) => expect(answeredWithinHours(shuffled, asOf)).toEqual(answeredWithinHours(list, asOf))));
  });

  it('is never better for not answering: an answer can only lower the value', () => {
    fc.assert(fc.property(referrals, fc.nat(), (list, at) => {
      const silent = list.map((one, i) => (i === at % list.length ? { ...one, answeredAt: null } : one));
      expect(answeredWithinHours(silent, asOf).value!).toBeGreaterThanOrEqual(answeredWithinHours(list, asOf).value!);
    }));
  });

  it('is kept at its limit and breached above, and says nothing of too few cases', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 11, max: 60 }), (part, more, limit, leastCases) => {
      const whole = part + more;
      const judged = judge(percentOf(part, whole, whole), { limit, leastCases });
      if (whole < leastCases) expect(judged).toEqual({ state: 'too-few', value: null, cases: null });
      else expect(judged.state).toBe(part * 100 > limit * whole ? 'breached' : 'kept');
    }));
    expect(judge(percentOf(0, 0, 50), { limit: 5, leastCases: 11 }).state).toBe('too-few');
  });

  it('measures months that are over', () => {
    expect(monthBegun(Date.UTC(2027, 2, 17, 5) as Instant)).toBe(asOf);
    expect(monthBegun(asOf)).toBe(asOf);
  });
});
