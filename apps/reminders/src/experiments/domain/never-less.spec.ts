import fc from 'fast-check';
import { networkPlanSteps } from '../../plans/domain/network-plan';
import { type PlanStep, planSteps } from '../../plans/domain/plan';
import { whatIsLess } from './never-less';

const without = (id: string) => networkPlanSteps.filter((step) => step.id !== id && !(step.action === 'message' && step.companionOf === id));
const reminder = (id: string, days: number, over: object = {}) => planSteps.parse([{ id, when: { kind: 'days-before', days, at: '09:00' }, template: 'visit-reminder', class: 'consented-care', channels: ['sms', 'email'], staleAfterMinutes: 1440, ...over }]);
const extra = fc.record({ days: fc.integer({ min: 0, max: 20 }), minLeadDays: fc.integer({ min: 0, max: 20 }), whenConfirmed: fc.constantFrom('send', 'skip'), risk: fc.constantFrom('any', 'high'), channels: fc.constantFrom(['sms'], ['email'], ['sms', 'email']) })
  .map(({ days, ...over }) => reminder(`extra-${days}-${over.minLeadDays}`, days, over));

describe('an arm beside the plan in force', () => {
  it('is never less where steps are only added, and the control is never less than itself', () => {
    expect(whatIsLess(networkPlanSteps, networkPlanSteps)).toEqual([]);
    fc.assert(fc.property(fc.array(extra, { maxLength: 4 }), (steps) => {
      expect(whatIsLess(networkPlanSteps, [...networkPlanSteps, ...steps.flat()])).toEqual([]);
    }));
  });

  it('is less without any one of the messages before the visit, the messages that must reach, and the calls, and the sentence says what to do', () => {
    const needed = networkPlanSteps.filter(({ when }) => when.kind !== 'days-after' && when.kind !== 'hours-after');
    expect(needed.length).toBeGreaterThan(8);
    for (const { id } of needed) expect([id, whatIsLess(networkPlanSteps, without(id)).length]).not.toEqual([id, 0]);
    expect(whatIsLess(networkPlanSteps, without('call-unreached'))).toEqual(['It leaves out or changes call-unreached, a call, of the plan in force: keep that step as it is.']);
    expect(whatIsLess(networkPlanSteps, without('text-3d'))[0]).toMatch(/^It has only 1 reminders before the visit where the plan in force has 2 \(fixed 3 days ahead, unconfirmed, normal risk, by sms and email\): give it at least as many\.$/);
  });

  it('may say other things at other times, as long as nobody is reminded less often', () => {
    const swapped = (step: PlanStep[]) => [...without('text-1d'), ...step];
    expect(whatIsLess(networkPlanSteps, swapped(reminder('text-2h', 0, { unreachable: 'call' })))).toEqual([]);
    expect(whatIsLess(networkPlanSteps, swapped(reminder('text-2h', 0, { unreachable: 'call', channels: ['email'] })))[0]).toContain('by sms');
    expect(whatIsLess(networkPlanSteps, swapped(reminder('text-2h', 0, { unreachable: 'call', whenConfirmed: 'skip' })))[0]).toContain(', confirmed');
    expect(whatIsLess(networkPlanSteps, swapped(reminder('text-2h', 0, { unreachable: 'call', risk: 'high' })))[0]).toContain('normal risk');
    expect(whatIsLess(networkPlanSteps, swapped(reminder('text-2h', 0)))[0]).toContain('calls in place of a message that has no channel');
    expect(whatIsLess(networkPlanSteps, swapped(reminder('text-2d', 2, { unreachable: 'call' })))[0]).toContain('fixed 1 days ahead');
    expect(whatIsLess(networkPlanSteps, swapped(reminder('text-2d', 2, { unreachable: 'call', whenLate: 'send', staleAfterMinutes: 1440 })))).toEqual([]);
  });
});
