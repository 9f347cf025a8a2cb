import { practiceId, serviceCode } from '@slotmesh/contracts';
import { parseLocalDate } from '@slotmesh/kernel';
import { advise } from '../../simulation/domain/advice';
import { everybodyReaches, usualBehaviour, usualRules } from '../../simulation/domain/partnership';
import { gainOf, quotaAdvice } from './quota-advice';
import { TRIED_SHARES, WEEKLY_RUNS, sharingAdvice } from './sharing-advice';

const simulated = (loads: readonly number[], share = 0) =>
  advise({ practices: everybodyReaches(loads.map((load, p) => ({ id: ['desert', 'harbor', 'summit'][p]!, slotsPerDay: 20, load }))), rules: { ...usualRules, share }, behaviour: usualBehaviour }, { runs: WEEKLY_RUNS, seed: 4 }, undefined, TRIED_SHARES);
const of = (id: string) => ({ id, requests: 1_300, visitMinutes: 30 });

describe('advice from a simulated partnership', () => {
  it('P18: says how much to share, with the effect on the busiest practice, the cost in the own time, and intervals of the own practice alone', () => {
    const unequal = simulated([0.88, 0.97, 1.1]);
    const [busiest] = sharingAdvice(unequal, of('summit'));
    expect(busiest).toMatchObject({ kind: 'share-time', service: null, title: expect.stringMatching(/^Share [123]0 % of each day's time with your partners$/), measure: 'third-next-available-working-days', unit: 'working days', sure: 'simulated', patients: 400 });
    // The busiest gains most of what it waits, by more than chance.
    expect(busiest!.expected!.high).toBeLessThan(busiest!.now! / 2);
    expect([busiest!.expected!.low <= busiest!.expected!.value, busiest!.expected!.value <= busiest!.expected!.high]).toEqual([true, true]);
    expect(busiest!.effect).toMatchObject({ value: expect.closeTo(busiest!.expected!.value, 0), low: expect.any(Number), high: expect.any(Number) });
    const [lender] = sharingAdvice(unequal, of('desert'));
    expect(lender).toMatchObject({ effect: { value: busiest!.effect!.value, low: null, high: null }, reason: expect.stringContaining('Busiest is summit.'), cost: expect.stringMatching(/^About [1-9]\d* of your visits a week \(\d+ minutes\) go to patients of partners/) });
    expect(lender!.now).toBeLessThan(1);
  });

  it('P18: says to stop where patients wait longer by what is shared, beside that time comes first', () => {
    const advice = sharingAdvice(simulated([1.04, 1.04, 1.04], 0.5), of('harbor'));
    expect(advice).toMatchObject([{ kind: 'share-time', title: 'Stop sharing time with your partners', sure: 'simulated', cost: expect.stringMatching(/^About [1-9]\d* of your patients a week no longer go/), reason: expect.stringContaining('wait longer than sharing nothing') }, { kind: 'add-time-first' }]);
  });

  it('says that time comes first where every practice is overloaded, and nothing where nobody waits', () => {
    const [first] = sharingAdvice(simulated([1.04, 1.04, 1.04]), of('harbor'));
    expect(first).toMatchObject({ kind: 'add-time-first', title: 'Add time first: sharing will not help while every practice is overloaded', sure: 'simulated', effect: { value: expect.any(Number) } });
    expect(first!.expected!.high).toBeLessThan(first!.now!);
    expect(sharingAdvice(simulated([0.5, 0.5, 0.5]), of('harbor'))).toEqual([]);
    // What is shared already serves.
    expect(sharingAdvice(simulated([0.88, 0.97, 1.1], 0.3), of('summit'))).toEqual([]);
  });
});

describe('advice from a plan of quotas', () => {
  const [summit, harbor, desert, skin] = [practiceId.parse('summit'), practiceId.parse('harbor'), practiceId.parse('desert'), serviceCode.parse('skin-check')];
  const practices = [summit, harbor, desert].map((practice) => ({ practice, reciprocityHours: 40, mostLentHours: null, services: [{ service: skin, minutes: 30, lendableShare: 0.2, capacity: [100, 100], demand: [100, 100] }] }));
  const scenario = (demandQuantile: number, unmetWithout: number, unmetWith: number) => ({ demandQuantile, unmetWithout, unmetWith });
  const plan = { id: '0193580e-0000-7000-8000-000000000203', inputs: { firstWeek: parseLocalDate('2026-12-07'), weeks: 2, practices }, lends: [{ lender: summit, borrower: harbor, service: skin, week: 0, slots: 3 }, { lender: summit, borrower: harbor, service: skin, week: 1, slots: 8 }], scenarios: [scenario(0.8, 30, 12), scenario(0.5, 20, 10), scenario(0.95, 44, 25)] };

  it('names the week in which most is lent, points to the plan, and says what it gains where patients ask less and more', () => {
    expect(quotaAdvice(plan, summit, 600)).toEqual([{
      kind: 'release-slots', service: 'skin-check', title: 'Release 8 slots for skin-check to harbor in the week of 2026-12-14', plan: plan.id, measure: 'shared-offered', now: 600, unit: 'minutes', expected: { value: 1_260, low: 1_260, high: 1_260 },
      reason: "It is the most of 11 slots for skin-check that a plan of 2 weeks lends of yours. With the whole plan 18 visits of the partnership's patients find time that would find none: 10 where patients ask as usual, and 19 at most where they ask more.",
      effect: { what: 'Visits of all practices that find time in 2 weeks and would find none without the plan', value: 18, low: 10, high: 19 }, cost: '330 minutes of your time in 2 weeks, which return to you when nobody takes them.', sure: 'simulated', patients: 22,
    }]);
    expect(quotaAdvice(plan, harbor, 0)).toEqual([]);
  });

  it('is none where the plan gains too little at any demand that is likely', () => {
    expect(gainOf([scenario(0.8, 30, 12), scenario(0.5, 3, 2), scenario(0.95, 44, 25)])).toBeNull();
    expect(quotaAdvice({ ...plan, scenarios: [scenario(0.8, 30, 12), scenario(0.5, 3, 5)] }, summit, 0)).toEqual([]);
  });
});
