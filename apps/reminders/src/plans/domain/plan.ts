import { channel, language, localTime, messageClass, templateName, visitTypeId } from '@slotmesh/contracts';
import type { PracticeId } from '@slotmesh/kernel';
import { z } from 'zod';
import { checkSteps } from './plan-rules';

/** What happened to the visit that a step may answer. */
export const trigger = z.enum(['booked', 'moved', 'cancelled']);
export type Trigger = z.output<typeof trigger>;
/** How a visit ended, for what is said after it. */
export const visitOutcome = z.enum(['noshow', 'fulfilled']);
export type VisitOutcome = z.output<typeof visitOutcome>;

export const stepWhen = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('at-once'), on: trigger }),
  /** Calendar days before the visit's date, at a time of day, both in the patient's zone. */
  z.object({ kind: z.literal('days-before'), days: z.int().min(0).max(90), at: localTime }),
  /** Hours of elapsed time before the start. */
  z.object({ kind: z.literal('hours-before'), hours: z.int().min(1).max(336) }),
  /** Calendar days after the visit's date, at a time of day, both in the patient's zone. */
  z.object({ kind: z.literal('days-after'), on: visitOutcome, days: z.int().min(0).max(90), at: localTime }),
  /** Hours of elapsed time after the end. */
  z.object({ kind: z.literal('hours-after'), on: visitOutcome, hours: z.int().min(1).max(336) }),
]);
export type StepWhen = z.output<typeof stepWhen>;

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a short name of small letters, digits and hyphens, such as text-3d'),
  when: stepWhen,
  /** Only where the visit was fixed at least so many calendar days ahead. */
  minLeadDays: z.int().min(0).default(0),
  /** `high`: only for patients whose risk to miss the visit is high by the written rule (risk.ts). */
  risk: z.enum(['any', 'high']).default('any'),
  /** So long after its time it is stale and no longer of use (P16). */
  staleAfterMinutes: z.int().positive().max(60 * 24 * 90),
};

const messageStep = z.object({
  ...common,
  action: z.literal('message').optional().default('message'),
  template: templateName,
  class: messageClass,
  /** In this order until one accepts. */
  channels: z.array(channel).min(1),
  /** A second message beside this step by other channels; left out where the main step has to use them itself. */
  companionOf: z.string().nullable().default(null),
  whenConfirmed: z.enum(['send', 'skip']).default('send'),
  /**
   * `skip`: where its time had passed when the visit was fixed it is left out, and after an outage it goes until it is stale. `send`: it goes at once in the
   * first case too, until it is stale. `call`: somebody phones, in the first case and where it became stale.
   */
  whenLate: z.enum(['skip', 'send', 'call']).default('skip'),
  /** The practice must reach the patient: where no message may go, it becomes a call at once (P15). */
  mustReach: z.boolean().default(false),
  /** What happens where the patient has no usable channel. */
  unreachable: z.enum(['skip', 'call']).default('skip'),
});
export type MessageStep = z.output<typeof messageStep>;

/** Somebody should phone: an entry of the call list is opened when its time comes. */
const callStep = z.object({
  ...common,
  action: z.literal('call'),
  whenConfirmed: z.enum(['call', 'skip']).default('skip'),
  /** `nobody`: only where the last message about the visit arrived nowhere, or none was sent. */
  reached: z.enum(['any', 'nobody']).default('any'),
  whenLate: z.enum(['skip', 'call']).default('skip'),
});
export type CallStep = z.output<typeof callStep>;

export const planStep = z.discriminatedUnion('action', [messageStep, callStep]);
export type PlanStep = z.output<typeof planStep>;

/** What is kept may be older than a rule. */
export const storedSteps = z.array(planStep).min(1);
/** What people save keeps every rule of plan-rules.ts. */
export const planSteps = z.array(planStep).min(1).max(30).superRefine(checkSteps);

const days = z.int().min(0).max(730);
/** For which visits a plan is; what is null says nothing. */
export const planSelector = z.object({
  visitType: visitTypeId.nullable().default(null),
  language: language.nullable().default(null),
  /** Calendar days, in the patient's zone, between the day on which the time was booked (or moved to) and that of the visit; both ends count. */
  leadDaysMin: days.nullable().default(null),
  leadDaysMax: days.nullable().default(null),
}).refine(({ leadDaysMin: min, leadDaysMax: max }) => min === null || max === null || min <= max, { error: 'must not begin after it ends', path: ['leadDaysMin'] });
export type PlanSelector = z.output<typeof planSelector>;
export const ANY_VISIT: PlanSelector = { visitType: null, language: null, leadDaysMin: null, leadDaysMax: null };

/** One version of a plan; a version never changes, a new one takes its place. */
export interface ReminderPlan {
  /** Of the version. */
  readonly id: string;
  readonly version: number;
  readonly steps: readonly PlanStep[];
}
/** A plan as it is chosen by: the newest version of a plan that is not retired. */
export interface PlanForVisits {
  /** Of the version. */
  readonly id: string;
  readonly plan: string;
  /** Null: the network's. */
  readonly practice: PracticeId | null;
  readonly selector: PlanSelector;
}

export const isBefore = (when: StepWhen): boolean => when.kind === 'days-before' || when.kind === 'hours-before';
/** The outcome that a step follows; null for what comes before the visit or at once. */
export const outcomeOf = (when: StepWhen): VisitOutcome | null => (when.kind === 'days-after' || when.kind === 'hours-after' ? when.on : null);
