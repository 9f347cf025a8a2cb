import { parseInstant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { defaultPlanSteps } from './default-plan';
import { type Channel, channelsOf, stepsFor } from './plan-steps';
import { planSteps as planStepsSchema } from './plan';
import type { Trigger } from './plan';

const both: Channel[] = ['sms', 'email'];
const at = parseInstant('2026-07-01T12:00:00Z');
const idsFor = (trigger: Trigger | null) => stepsFor(defaultPlanSteps, { trigger, answersPatient: false, at }).map((step) => step.id);

describe('the steps of a plan', () => {
  it('follow from what happened to the visit', () => {
    expect(idsFor('booked')).toEqual(['confirmation', 'confirmation-email', 'email-5d', 'text-3d', 'text-1d']);
    expect(idsFor('moved')).toEqual(['email-5d', 'text-3d', 'text-1d', 'moved', 'moved-email']);
    expect(idsFor('cancelled')).toEqual(['cancelled', 'cancelled-email']);
    expect(idsFor(null)).toEqual(['email-5d', 'text-3d', 'text-1d']);
  });

  it('a step and its companion never use one channel for one message, and whoever has a channel hears', () => {
    fc.assert(fc.property(fc.subarray(both), fc.constantFrom('confirmation', 'moved', 'cancelled'), (usable, id) => {
      const main: readonly Channel[] = channelsOf(defaultPlanSteps.find((step) => step.id === id)!, defaultPlanSteps, usable).channels;
      const companion: readonly Channel[] = channelsOf(defaultPlanSteps.find((step) => step.companionOf === id)!, defaultPlanSteps, usable).channels;
      expect(main.filter((channel) => companion.includes(channel))).toEqual([]);
      expect([...main, ...companion].sort()).toEqual([...usable].sort());
    }));
  });

  it('a plan whose companion has no main step, or whose steps share an id, is refused', () => {
    const [first] = defaultPlanSteps;
    expect(planStepsSchema.safeParse([first, first]).success).toBe(false);
    expect(planStepsSchema.safeParse([{ ...first, companionOf: 'nobody' }]).success).toBe(false);
  });
});
