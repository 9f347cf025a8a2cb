import { defaultPlanSteps } from './default-plan';
import { planSteps } from './plan';

const HOURS = 60;

/**
 * The network's plan, version 2. Beyond the messages of version 1: a call 7 days ahead only to those whose risk to miss the visit is high (22.8 % missed against
 * 29.2 %, Shah 2016; targeted calls median RR 0.61, Oikonomidi 2023), and one on the day before to the unconfirmed whom no message reached, for reach limits
 * all effects (Denver). After the visit a note to who missed it, when the next permitted morning comes, and one question to who came.
 */
export const networkPlanSteps = planSteps.parse([
  ...defaultPlanSteps,
  { id: 'call-high-risk', action: 'call', when: { kind: 'days-before', days: 7, at: '10:00' }, risk: 'high', staleAfterMinutes: 72 * HOURS },
  { id: 'call-unreached', action: 'call', when: { kind: 'days-before', days: 1, at: '12:00' }, reached: 'nobody', staleAfterMinutes: 24 * HOURS },
  { id: 'no-show-note', when: { kind: 'days-after', on: 'noshow', days: 1, at: '08:00' }, template: 'no-show-note', class: 'consented-care', channels: ['sms', 'email'], whenLate: 'send', staleAfterMinutes: 72 * HOURS },
  { id: 'feedback', when: { kind: 'days-after', on: 'fulfilled', days: 1, at: '10:00' }, template: 'feedback-question', class: 'consented-care', channels: ['sms', 'email'], whenLate: 'send', staleAfterMinutes: 48 * HOURS },
]);
