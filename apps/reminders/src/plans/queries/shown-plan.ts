import { formatInstant } from '@slotmesh/kernel';
import type { PlanVersion } from '../persistence/plan.repository';
import type { PlanStep } from '../domain/plan';

/** A version for people; `id` is that of its plan. */
export const shownVersion = ({ plan, practice, version, name, selector, madeBy, madeAt, retired }: PlanVersion, steps: readonly PlanStep[]) => ({ id: plan, practice, version, name, selector, steps, madeBy, madeAt: formatInstant(madeAt), retired });
