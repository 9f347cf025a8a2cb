import { modelOf, type QuotaModel } from './quota-model';
import type { QuotaInputs } from './quota-inputs';
import { problemOf } from './quota-problem';
import { type QuotaSolution, type Relaxation, solutionOf } from './quota-solution';
import type { SlotPlan } from './slot-plan';
import { wholeSlotsOf } from './whole-slots';

/** What each practice lends whom, in whole slots a week. `solve` answers the linear programme; whatever it says, the plan keeps every limit. */
export function planQuotas(inputs: QuotaInputs, solve: (model: QuotaModel) => Relaxation): QuotaSolution {
  const problem = problemOf(inputs);
  const relaxed = solve(modelOf(problem));
  const greedy = wholeSlotsOf(problem, null);
  if ('failed' in relaxed) return solutionOf(problem, greedy, 'greedy', relaxed.failed, null);
  const rounded = wholeSlotsOf(problem, relaxed.parts);
  return isBetter(greedy, rounded)
    ? solutionOf(problem, greedy, 'greedy', 'better-in-whole-slots', relaxed.leastWorstUnmetShare)
    : solutionOf(problem, rounded, 'linear-programme', null, relaxed.leastWorstUnmetShare);
}

function isBetter(a: SlotPlan, b: SlotPlan): boolean {
  const [ofA, ofB] = [a.worstUnmetShare, b.worstUnmetShare];
  return ofA === ofB ? a.unmet < b.unmet : ofA < ofB;
}
