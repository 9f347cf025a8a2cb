import { defaultPlanSteps } from './default-plan';
import { networkPlanSteps } from './network-plan';
import { type PlanStep, planSteps, storedSteps } from './plan';

const reminder = { id: 'text-1d', when: { kind: 'days-before', days: 1, at: '10:00' }, template: 'visit-reminder', class: 'consented-care', channels: ['sms'], staleAfterMinutes: 60 };
const note = { ...reminder, id: 'note', when: { kind: 'days-after', on: 'noshow', days: 1, at: '09:00' }, template: 'no-show-note' };
const call = { id: 'call', action: 'call', when: { kind: 'days-before', days: 7, at: '10:00' }, risk: 'high', staleAfterMinutes: 60 };
const refusals = (...steps: object[]): string[] => planSteps.safeParse(steps).error?.issues.map(({ path, message }) => `${path.join('/')} ${message}`) ?? [];

describe('the steps of a plan that people save', () => {
  it('are taken as they are where they keep the rules', () => {
    expect(refusals(reminder, note, call, { ...reminder, id: 'hours', when: { kind: 'hours-before', hours: 3 }, whenLate: 'call' })).toEqual([]);
    expect(refusals(...networkPlanSteps)).toEqual([]);
  });

  it('what was kept before there were calls, risks and late rules still reads, and means the same', () => {
    const before = defaultPlanSteps.map((step) => Object.fromEntries(Object.entries(step).filter(([key]) => !['action', 'risk', 'whenLate'].includes(key))));
    expect(storedSteps.parse(before)).toEqual(defaultPlanSteps);
    expect(new Set(defaultPlanSteps.map((step: PlanStep) => `${step.action} ${step.risk} ${step.whenLate}`))).toEqual(new Set(['message any skip']));
  });

  it.each([
    ['0/class marketing is never part of the plan of a visit: leave the step out', [{ ...reminder, class: 'marketing' }]],
    ['0/class of no-show-note must be consented-care: it is no reminder, and no exemption covers it', [{ ...note, class: 'exempt-care' }]],
    ['0/class recall is for patients without a visit: use a recall', [{ ...reminder, class: 'recall' }]],
    ['0/class education has content and a time of its own: leave the step out', [{ ...reminder, class: 'education' }]],
    ['0/when does not fit: feedback-question follows a visit that took place: use when of the kind days-after or hours-after with on: fulfilled', [{ ...note, template: 'feedback-question' }]],
    ['0/when does not fit: visit-reminder goes before the visit: use when of the kind days-before or hours-before', [{ ...note, template: 'visit-reminder' }]],
    ['0/when does not fit: booking-confirmation goes at once when a visit is booked: use when {kind: at-once, on: booked}', [{ ...reminder, template: 'booking-confirmation' }]],
    ['0/template waitlist-offer is not sent by the plan of a visit: leave the step out', [{ ...reminder, template: 'waitlist-offer' }]],
    ['0/mustReach is for what the patient must know before the visit: set it to false for a step after it', [{ ...note, mustReach: true }]],
    ['0/whenLate of call is for what goes before a visit: use skip or send', [{ ...note, whenLate: 'call' }]],
    ['0/when of a call is before the visit: use the kind days-before or hours-before', [{ ...call, when: note.when }]],
    ['1/id is the id of an earlier step: give every step an id of its own', [reminder, reminder]],
    ['0/companionOf names nobody, which is no other step of this plan: name the step that this one accompanies', [{ ...reminder, companionOf: 'nobody' }]],
    ['1/companionOf names call, which is a call or a companion itself: name a main message', [call, { ...reminder, companionOf: 'call' }]],
    ['1/when must be the same as that of text-1d, which it accompanies', [reminder, { ...reminder, id: 'mail', when: { kind: 'hours-before', hours: 3 }, companionOf: 'text-1d' }]],
  ])('%s', (refusal, steps) => {
    expect(refusals(...steps)).toEqual([refusal]);
  });
});
