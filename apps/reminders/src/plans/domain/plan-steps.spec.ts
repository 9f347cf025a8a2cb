import { parseInstant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { networkPlanSteps } from './network-plan';
import type { MessageStep } from './plan';
import { type Channel, channelsOf, stepsFor } from './plan-steps';
import type { VisitChange } from './step-time';

const both: Channel[] = ['sms', 'email'];
const at = parseInstant('2026-07-01T12:00:00Z');
const messages = networkPlanSteps.filter((step): step is MessageStep => step.action === 'message');
const idsFor = (trigger: VisitChange['trigger']) => stepsFor(networkPlanSteps, { trigger, answersPatient: false, at }).map((step) => step.id);

describe('the steps of a plan', () => {
  it('follow from what happened to the visit', () => {
    expect(idsFor('booked')).toEqual(['confirmation', 'confirmation-email', 'email-5d', 'text-3d', 'text-1d', 'call-high-risk', 'call-unreached']);
    expect(idsFor('moved')).toEqual(['email-5d', 'text-3d', 'text-1d', 'moved', 'moved-email', 'call-high-risk', 'call-unreached']);
    expect(idsFor('cancelled')).toEqual(['cancelled', 'cancelled-email']);
    expect(idsFor(null)).toEqual(['email-5d', 'text-3d', 'text-1d', 'call-high-risk', 'call-unreached']);
    expect(idsFor('noshow')).toEqual(['no-show-note']);
    expect(idsFor('fulfilled')).toEqual(['feedback']);
  });

  it('a step and its companion never use one channel for one message, and whoever has a channel hears', () => {
    fc.assert(fc.property(fc.subarray(both), fc.constantFrom('confirmation', 'moved', 'cancelled'), (usable, id) => {
      const main: readonly Channel[] = channelsOf(messages.find((step) => step.id === id)!, messages, usable).channels;
      const companion: readonly Channel[] = channelsOf(messages.find((step) => step.companionOf === id)!, messages, usable).channels;
      expect(main.filter((channel) => companion.includes(channel))).toEqual([]);
      expect([...main, ...companion].sort()).toEqual([...usable].sort());
    }));
  });
});
