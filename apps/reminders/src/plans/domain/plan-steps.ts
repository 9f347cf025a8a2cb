import type { channel } from '@slotmesh/contracts';
import type { z } from 'zod';
import { type MessageStep, type PlanStep, isBefore, outcomeOf } from './plan';
import { type PatientTime, type StepTime, type VisitChange, type VisitTimes, fixStepTime } from './step-time';

export type Channel = z.output<typeof channel>;

/** The steps of a plan that a change calls for. A cancelled visit is announced and nothing more, an outcome calls for what follows it; a change without a trigger only fixes the times again. */
export function stepsFor(steps: readonly PlanStep[], { trigger }: VisitChange): PlanStep[] {
  const isToCome = trigger === null || trigger === 'booked' || trigger === 'moved';
  return steps.filter(({ when }) => (isBefore(when) ? isToCome : when.kind === 'at-once' ? when.on === trigger : outcomeOf(when) === trigger));
}

export interface PlannedStep {
  readonly step: PlanStep;
  readonly time: StepTime;
}

/** Every step that the change calls for, each with its time or with the reason why it has none (P14). */
export const fixStepTimes = (steps: readonly PlanStep[], visit: VisitTimes, patient: PatientTime, change: VisitChange): PlannedStep[] =>
  stepsFor(steps, change).map((step) => ({ step, time: fixStepTime(step, visit, patient, change) }));

export type ChannelChoice = { readonly channels: readonly Channel[] } | { readonly channels: readonly []; readonly why: 'no-channel' | 'covered' };

/** The step that a companion accompanies; else the step itself. */
export function mainOf(step: MessageStep, steps: readonly PlanStep[]): MessageStep {
  const main = step.companionOf === null ? undefined : steps.find((other) => other.id === step.companionOf);
  return main?.action === 'message' ? main : step;
}

/**
 * The channels of one step for one patient. A step with a companion leaves the companion's channels to it, as long as another one is left;
 * where none is, the companion stays away, so that nobody gets the same message twice by one channel.
 */
export function channelsOf(step: MessageStep, steps: readonly PlanStep[], usable: readonly Channel[]): ChannelChoice {
  const mine = step.channels.filter((channel) => usable.includes(channel));
  if (mine.length === 0) return { channels: [], why: 'no-channel' };
  const main = mainOf(step, steps);
  if (main !== step) return usableWithout(main, step, usable).length > 0 ? { channels: mine } : { channels: [], why: 'covered' };
  const companion = steps.find((other): other is MessageStep => other.action === 'message' && other.companionOf === step.id && other.channels.some((channel) => usable.includes(channel)));
  const left = companion ? usableWithout(step, companion, usable) : mine;
  return { channels: left.length > 0 ? left : mine };
}

const usableWithout = (main: MessageStep, companion: MessageStep, usable: readonly Channel[]): Channel[] =>
  main.channels.filter((channel) => usable.includes(channel) && !companion.channels.includes(channel));
