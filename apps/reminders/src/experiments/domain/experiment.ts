import type { Instant, PracticeId } from '@slotmesh/kernel';
import { z } from 'zod';
import { planSteps } from '../../plans/domain/plan';

export const CONTROL = 'control';
const weight = z.int().min(1).max(100).default(1);
/** How an experiment is proposed; it is not changed afterwards, because what is measured is fixed before anybody sees a result. */
export const experimentDraft = z.strictObject({
  /** For the people of the practice; patients never see it. */
  name: z.string().trim().min(1).max(120),
  control: z.strictObject({ plan: z.uuid(), weight }),
  arms: z.array(z.strictObject({ key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'must be a short name of small letters, digits and hyphens').refine((key) => key !== CONTROL, 'is taken by the plan in force'), weight, steps: planSteps })).min(1).max(4)
    .refine((arms) => new Set(arms.map(({ key }) => key)).size === arms.length, 'must have different keys'),
  patients: z.int().min(2 * 25).max(100_000),
  looks: z.int().min(1).max(10).default(5),
  days: z.int().min(7).max(730),
});
export type ExperimentDraft = z.output<typeof experimentDraft>;

export interface Arm {
  readonly key: string;
  readonly weight: number;
  /** The version of the plan that its visits follow; null for the control: the plan in force. */
  readonly plan: string | null;
}
export const experimentState = z.enum(['draft', 'approved', 'running', 'stopped']);
export type ExperimentState = z.output<typeof experimentState>;
export const stoppedBecause = z.enum(['person', 'end-date', 'harm', 'benefit', 'completed', 'control-changed']);
export type StoppedBecause = z.output<typeof stoppedBecause>;

export interface Experiment {
  readonly id: string;
  readonly practice: PracticeId;
  readonly name: string;
  /** The plan whose visits take part. */
  readonly controlPlan: string;
  /** Its version when the experiment started; another one ends it. */
  readonly controlVersion: string | null;
  /** The control first. */
  readonly arms: readonly Arm[];
  readonly patients: number;
  readonly looks: number;
  readonly days: number;
  readonly seed: string;
  readonly state: ExperimentState;
  readonly madeBy: string;
  readonly madeAt: Instant;
  readonly approvedBy: string | null;
  readonly approvedAt: Instant | null;
  readonly startedAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly stoppedAt: Instant | null;
  /** Null: a rule. */
  readonly stoppedBy: string | null;
  readonly because: StoppedBecause | null;
  readonly reason: string | null;
}

/** Whether visits are given arms, and follow them, at a moment. */
export const isRunning = ({ state, endsAt }: Pick<Experiment, 'state' | 'endsAt'>, now: Instant): boolean => state === 'running' && endsAt !== null && now < endsAt;
