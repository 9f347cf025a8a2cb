import type { channel } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import type { z } from 'zod';
import type { PlanStep } from './plan';
import { type PatientTime, type StepTime, type VisitChange, fixStepTime } from './step-time';

export type Channel = z.output<typeof channel>;

/** The steps of a plan that a change calls for. A cancelled visit is announced and nothing more; a change without a trigger only fixes the times again. */
export function stepsFor(steps: readonly PlanStep[], change: VisitChange): PlanStep[] {
  return steps.filter((step) => (step.when.kind === 'at-once' ? step.when.on === change.trigger : change.trigger !== 'cancelled'));
}

export interface PlannedStep {
  readonly step: PlanStep;
  readonly time: StepTime;
}

/** Every step that the change calls for, each with its time or with the reason why it has none (P14). */
export const fixStepTimes = (steps: readonly PlanStep[], visitStart: Instant, patient: PatientTime, change: VisitChange): PlannedStep[] =>
  stepsFor(steps, change).map((step) => ({ step, time: fixStepTime(step, visitStart, patient, change) }));

export type ChannelChoice = { readonly channels: readonly Channel[] } | { readonly channels: readonly []; readonly why: 'no-channel' | 'covered' };

/**
 * The channels of one step for one patient. A step with a companion leaves the companion's channels to it, as long as another one is left;
 * where none is, the companion stays away, so that nobody gets the same message twice by one channel.
 */
export function channelsOf(step: PlanStep, steps: readonly PlanStep[], usable: readonly Channel[]): ChannelChoice {
  const mine = step.channels.filter((channel) => usable.includes(channel));
  if (mine.length === 0) return { channels: [], why: 'no-channel' };
  const main = step.companionOf === null ? undefined : steps.find((other) => other.id === step.companionOf);
  if (main) return usableWithout(main, step, usable).length > 0 ? { channels: mine } : { channels: [], why: 'covered' };
  const companion = steps.find((other) => other.companionOf === step.id && other.channels.some((channel) => usable.includes(channel)));
  const left = companion ? usableWithout(step, companion, usable) : mine;
  return { channels: left.length > 0 ? left : mine };
}

const usableWithout = (main: PlanStep, companion: PlanStep, usable: readonly Channel[]): Channel[] =>
  main.channels.filter((channel) => usable.includes(channel) && !companion.channels.includes(channel));
