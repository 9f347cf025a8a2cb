import { channel, localTime, messageClass, templateName } from '@slotmesh/contracts';
import { z } from 'zod';

/** What happened to the visit that a step may answer. */
export const trigger = z.enum(['booked', 'moved', 'cancelled']);
export type Trigger = z.output<typeof trigger>;

export const planStep = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  when: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('at-once'), on: trigger }),
    /** Calendar days before the visit's date, at a time of day, both in the patient's zone. */
    z.object({ kind: z.literal('days-before'), days: z.int().min(0).max(90), at: localTime }),
  ]),
  template: templateName,
  class: messageClass,
  /** In this order until one accepts. */
  channels: z.array(channel).min(1),
  /** A second message beside this step by other channels; left out where the main step has to use them itself. */
  companionOf: z.string().nullable().default(null),
  /** Only where the visit was fixed at least so many calendar days ahead. */
  minLeadDays: z.int().min(0).default(0),
  whenConfirmed: z.enum(['send', 'skip']).default('send'),
  /** So long after its time it is stale and no longer sent (P16). */
  staleAfterMinutes: z.int().positive(),
  /** The practice must reach the patient: where no message may go, it becomes a call at once (P15). */
  mustReach: z.boolean().default(false),
  /** What happens where the patient has no usable channel. */
  unreachable: z.enum(['skip', 'call']).default('skip'),
});
export type PlanStep = z.output<typeof planStep>;

export const planSteps = z.array(planStep).min(1).superRefine((steps, context) => {
  const ids = steps.map((step) => step.id);
  if (new Set(ids).size !== ids.length) context.addIssue({ code: 'custom', message: 'every step needs an id of its own' });
  for (const step of steps) if (step.companionOf !== null && (step.companionOf === step.id || !ids.includes(step.companionOf))) context.addIssue({ code: 'custom', message: `step ${step.id} accompanies a step that the plan does not have` });
});

/** One version of a plan; a version never changes, a new one takes its place. */
export interface ReminderPlan {
  readonly id: string;
  readonly version: number;
  readonly steps: readonly PlanStep[];
}
