import { z } from 'zod';
import { planSelector, planSteps } from './plan';

/** A plan as people write it. */
export const editedPlan = z.object({
  /** For the people of the practice; patients never see it. */
  name: z.string().trim().min(1).max(80),
  selector: planSelector.prefault({}),
  steps: planSteps,
});
export type EditedPlan = z.output<typeof editedPlan>;
