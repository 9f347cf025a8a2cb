import type { PracticeId, ServiceCode } from '@slotmesh/kernel';
import type { QuotaProblem } from './quota-problem';
import type { SlotPlan } from './slot-plan';

/** Slots of a service that one practice lends another in a week (0: the first). */
export interface Lend {
  readonly lender: PracticeId;
  readonly borrower: PracticeId;
  readonly service: ServiceCode;
  readonly week: number;
  readonly slots: number;
}
export interface UnmetDemand {
  /** Of all practices, services and weeks the largest share of the demand that finds no slot. */
  readonly worstUnmetShare: number;
  /** Slots, in all. */
  readonly unmet: number;
}

/** How a plan was made: by the linear programme, or slot by slot because the programme had no time, failed, or came out worse in whole slots. */
export type PlanMethod = 'linear-programme' | 'greedy';
export type WhyGreedy = 'time-limit' | 'solver-failed' | 'better-in-whole-slots';

/** A plan as it is kept: plain JSON; the same inputs give the same, unless the time limit ended the solver. */
export interface QuotaSolution {
  readonly version: 1;
  readonly method: PlanMethod;
  readonly whyGreedy: WhyGreedy | null;
  readonly lends: readonly Lend[];
  readonly without: UnmetDemand;
  readonly with: UnmetDemand;
  /** The worst share that the programme reaches with parts of slots: no plan in whole slots is better. Null: not known. */
  readonly leastWorstUnmetShare: number | null;
  /** Slots unmet are null where a reader may not know them (P18). */
  readonly practices: readonly { readonly practice: PracticeId; readonly givenHours: number; readonly receivedHours: number; readonly unmetWithout: number | null; readonly unmetWith: number | null }[];
}

/** What the solver says: slots lent by move, not whole, and the least worst share; or why there is nothing. */
export type Relaxation = { readonly parts: Float64Array; readonly leastWorstUnmetShare: number } | { readonly failed: 'time-limit' | 'solver-failed' };

export function solutionOf(problem: QuotaProblem, plan: SlotPlan, method: PlanMethod, whyGreedy: WhyGreedy | null, leastWorstUnmetShare: number | null): QuotaSolution {
  const { practices, services, weeks, kinds } = problem;
  const lends: Lend[] = [];
  plan.slots.forEach((slots, move) => {
    if (slots > 0) lends.push({ lender: practices[plan.lenderOf(move)]!, borrower: practices[plan.borrowerOf(move)]!, service: services[Math.floor((move % kinds) / weeks)]!, week: move % weeks, slots });
  });
  const ofPractice = (i: number, count: (cell: number) => number): number => Array.from({ length: kinds }, (_, kind) => count(i * kinds + kind)).reduce((sum, one) => sum + one, 0);
  return {
    version: 1, method, whyGreedy, lends, without: { worstUnmetShare: problem.worstUnmetShare, unmet: problem.unmet }, with: { worstUnmetShare: plan.worstUnmetShare, unmet: plan.unmet }, leastWorstUnmetShare,
    practices: practices.map((practice, i) => ({
      practice, givenHours: plan.lent[i]! / 60, receivedHours: (plan.lent[i]! - plan.balance[i]!) / 60,
      unmetWithout: ofPractice(i, (cell) => Math.max(0, problem.demand[cell]! - problem.capacity[cell]!)), unmetWith: ofPractice(i, plan.unmetOf),
    })),
  };
}
