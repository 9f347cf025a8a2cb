import fc from 'fast-check';
import { adviseSession } from './overbooking-advice';
import { USUAL_WEIGHTS } from './session';
import { FEWEST_VISITS, estimatedRate, showRate } from './show-rate';

const certain = (rate: number) => ({ rate: showRate(rate), low: showRate(rate), high: showRate(rate) });
const clinic = (rate: number) => ({ slots: 12, slotMinutes: 20, rate: certain(rate) });

describe('advice on overbooking a session', () => {
  it.each([
    [0.9, 12, 10.8, 0, 0, 24, 10.8, 10.8],
    [0.8, 14, 11.2, 10.8, 6, 22, 10.143, 9.6],
    [0.7, 16, 11.2, 15.7, 9.4, 25, 9.618, 8.4],
  ])('at a rate of %s it books %s into 12 slots of 20 minutes, with the worked figures', (rate, bookings, seen, wait, overtime, idle, utility, utilityOfNone) => {
    const { advised, usual } = adviseSession(clinic(rate), USUAL_WEIGHTS);
    expect(advised).toMatchObject({ bookings, seen, waitMinutesPerSeen: wait, overtimeMinutes: overtime, utility });
    expect(Math.round(advised.idleMinutes)).toBe(idle);
    expect(usual).toMatchObject({ bookings: 12, utility: utilityOfNone });
  });

  it('says none, and why, for half a day where up to 10 % are missed, and for a whole day where up to 5 % are', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 0.1, noNaN: true }), fc.integer({ min: 1, max: 12 }), fc.boolean(), (missed, half, wholeDay) => {
      const [rate, slots] = wholeDay ? [1 - missed / 2, half * 2] : [1 - missed, half];
      const advice = adviseSession({ slots, slotMinutes: 20, rate: certain(rate) }, USUAL_WEIGHTS);
      expect(advice).toMatchObject({ advice: 'none', extra: 0 });
      expect(advice.sentence).toContain('Do not overbook');
    }), { numRuns: 50 });
  });

  it('never advises what is worth less than booking one visit a slot, and more misses never call for fewer visits', () => {
    fc.assert(fc.property(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.3, noNaN: true }), fc.integer({ min: 2, max: 14 }), (rate, less, slots) => {
      const [often, rarely] = [rate - less, rate].map((one) => adviseSession({ slots, slotMinutes: 15, rate: certain(one) }, USUAL_WEIGHTS));
      expect(often!.advised.utility).toBeGreaterThanOrEqual(often!.usual.utility);
      expect(often!.extra).toBeGreaterThanOrEqual(rarely!.extra);
    }), { numRuns: 40 });
  });

  it('dearer overtime advises none where cheap overtime advises some', () => {
    const [dear, cheap] = [10, 0.1].map((overtime) => adviseSession(clinic(0.8), { ...USUAL_WEIGHTS, overtime }));
    expect(dear!.extra).toBeLessThan(cheap!.extra);
  });

  it('tells how far the advice depends on a rate from few visits', () => {
    const { extra, extraWithin } = adviseSession({ slots: 12, slotMinutes: 20, rate: estimatedRate(160, 40) }, USUAL_WEIGHTS);
    expect(extra).toBe(2);
    expect(extraWithin.fewest).toBeLessThanOrEqual(extra);
    expect(extraWithin.most).toBeGreaterThan(extra);
  });

  it('refuses a rate from too few visits, and one that is none', () => {
    expect(() => estimatedRate(FEWEST_VISITS - 2, 1)).toThrow(expect.objectContaining({ code: 'too-few-visits-for-rate', details: { marked: FEWEST_VISITS - 1, needed: FEWEST_VISITS } }));
    expect(estimatedRate(180, 20)).toMatchObject({ rate: 0.9, low: expect.closeTo(0.8506, 3), high: expect.closeTo(0.9342, 3) });
    for (const none of [-0.1, 1.1, NaN]) expect(() => showRate(none)).toThrow(expect.objectContaining({ code: 'show-rate-out-of-range' }));
  });

  it('P20: a session has no place for a person: a patient does not compile, the score of one visit is no rate, and there is one rate for all', () => {
    const calls = [
      // @ts-expect-error: a session names nobody.
      () => adviseSession({ ...clinic(0.8), patient: 'p1' }, USUAL_WEIGHTS),
      // @ts-expect-error: rates of single visits do not fit.
      () => adviseSession({ slots: 2, slotMinutes: 20, rate: [certain(0.8), certain(0.4)] }, USUAL_WEIGHTS),
      // @ts-expect-error: a bare number, such as a score, is no rate of a session.
      () => adviseSession({ slots: 2, slotMinutes: 20, rate: { rate: 0.8, low: 0.8, high: 0.8 } }, USUAL_WEIGHTS),
    ];
    expect(calls).toHaveLength(3);
    expect(Object.keys(adviseSession(clinic(0.8), USUAL_WEIGHTS)).sort()).toEqual(['advice', 'advised', 'bookingsPerSlot', 'extra', 'extraWithin', 'sentence', 'usual']);
  });
});
