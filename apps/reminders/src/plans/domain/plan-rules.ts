import type { z } from 'zod';
import type { MessageStep, PlanStep, StepWhen } from './plan';

type Template = MessageStep['template'];

/** When a template may be sent; what is not named here is no step of a visit's plan. */
const placeOfTemplate: Readonly<Partial<Record<Template, { readonly fits: (when: StepWhen) => boolean; readonly say: string }>>> = {
  'booking-confirmation': { fits: (when) => when.kind === 'at-once' && when.on === 'booked', say: 'goes at once when a visit is booked: use when {kind: at-once, on: booked}' },
  'visit-moved': { fits: (when) => when.kind === 'at-once' && when.on === 'moved', say: 'goes at once when a visit has moved: use when {kind: at-once, on: moved}' },
  'visit-cancelled': { fits: (when) => when.kind === 'at-once' && when.on === 'cancelled', say: 'goes at once when a visit is cancelled: use when {kind: at-once, on: cancelled}' },
  'visit-reminder': { fits: (when) => when.kind === 'days-before' || when.kind === 'hours-before', say: 'goes before the visit: use when of the kind days-before or hours-before' },
  'no-show-note': { fits: (when) => 'on' in when && when.on === 'noshow', say: 'follows a missed visit: use when of the kind days-after or hours-after with on: noshow' },
  'feedback-question': { fits: (when) => 'on' in when && when.on === 'fulfilled', say: 'follows a visit that took place: use when of the kind days-after or hours-after with on: fulfilled' },
};

type Report = (index: number, field: string, message: string) => void;

/** What a plan must keep, each with a word to the person who saves it on what to do. */
export function checkSteps(steps: readonly PlanStep[], context: z.core.$RefinementCtx): void {
  const report: Report = (index, field, message) => context.addIssue({ code: 'custom', path: [index, field], message, input: steps[index] });
  steps.forEach((step, index) => {
    if (steps.findIndex(({ id }) => id === step.id) !== index) report(index, 'id', `is the id of an earlier step: give every step an id of its own`);
    if (step.action === 'message') checkMessage(step, index, steps, report);
    else if (step.when.kind !== 'days-before' && step.when.kind !== 'hours-before') report(index, 'when', 'of a call is before the visit: use the kind days-before or hours-before');
  });
}

function checkMessage(step: MessageStep, index: number, steps: readonly PlanStep[], report: Report): void {
  const place = placeOfTemplate[step.template];
  const after = step.when.kind === 'days-after' || step.when.kind === 'hours-after';
  if (!place) report(index, 'template', `${step.template} is not sent by the plan of a visit: leave the step out`);
  else if (!place.fits(step.when)) report(index, 'when', `does not fit: ${step.template} ${place.say}`);
  checkClass(step, after, (message) => report(index, 'class', message));
  if (step.mustReach && after) report(index, 'mustReach', 'is for what the patient must know before the visit: set it to false for a step after it');
  if (step.whenLate === 'call' && !place?.fits({ kind: 'hours-before', hours: 1 })) report(index, 'whenLate', 'of call is for what goes before a visit: use skip or send');
  if (step.companionOf === null) return;
  const main = steps.find(({ id }) => id === step.companionOf);
  if (!main || main.id === step.id) report(index, 'companionOf', `names ${step.companionOf}, which is no other step of this plan: name the step that this one accompanies`);
  else if (main.action !== 'message' || main.companionOf !== null) report(index, 'companionOf', `names ${step.companionOf}, which is a call or a companion itself: name a main message`);
  else if (JSON.stringify(main.when) !== JSON.stringify(step.when)) report(index, 'when', `must be the same as that of ${step.companionOf}, which it accompanies`);
}

function checkClass(step: MessageStep, after: boolean, say: (message: string) => void): void {
  if (step.class === 'marketing') say('marketing is never part of the plan of a visit: leave the step out');
  else if (step.class === 'answer') say('answer is given to what answers the patient by itself: use exempt-care or consented-care');
  else if (step.class === 'recall') say('recall is for patients without a visit: use a recall');
  else if (step.class === 'education') say('education has content and a time of its own: leave the step out');
  else if (after && step.class !== 'consented-care') say(`of ${step.template} must be consented-care: it is no reminder, and no exemption covers it`);
}
