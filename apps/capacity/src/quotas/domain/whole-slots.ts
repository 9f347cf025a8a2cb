import { type QuotaProblem, wholeOf } from './quota-problem';
import { SlotPlan } from './slot-plan';

/** Slots to whole ones: an optimum of the programme is off by as much as its solver tolerates. */
const SOLVER_TOLERANCE = 1e-6;

/**
 * A plan in whole slots from one in parts of slots (by move): rounded down, what breaks a limit then is taken back, and what is left is lent where it helps.
 * Every limit holds in it, and no more is unmet, in all or in the worst case, than without sharing. Without `parts` it is made greedily from nothing.
 */
export function wholeSlotsOf(problem: QuotaProblem, parts: Float64Array | null): SlotPlan {
  const plan = new SlotPlan(problem);
  parts?.forEach((part, move) => {
    const whole = Math.floor(part + SOLVER_TOLERANCE);
    if (whole > 0) plan.lend(move, whole);
  });
  for (let move = firstTooMany(plan); move !== null; move = firstTooMany(plan)) plan.lend(move, -1);
  lendWhereItHelps(plan);
  return plan;
}

/** A slot to take back because a limit is broken: of those that could mend it the one whose loss leaves least unmet. With each one less is lent, and where nothing is lent every limit holds. */
function firstTooMany(plan: SlotPlan): number | null {
  const { problem, kinds } = plan;
  for (let practice = 0; practice < plan.n; practice++) {
    if (plan.lent[practice]! > problem.mostLent[practice]! || plan.balance[practice]! > problem.reciprocity[practice]!) return cheapest(plan, (lender) => lender === practice);
    if (plan.balance[practice]! < -problem.reciprocity[practice]!) return cheapest(plan, (_, borrower) => borrower === practice);
  }
  for (let cell = 0; cell < plan.given.length; cell++) {
    const [practice, kind] = [Math.floor(cell / kinds), cell % kinds];
    if (plan.given[cell]! > wholeOf(problem.lendable[cell]!) || (plan.given[cell]! > 0 && plan.unmetOf(cell) > Math.max(0, wholeOf(problem.mostUnmet[cell]!)))) return cheapest(plan, (lender, _, of) => lender === practice && of === kind);
  }
  return plan.unmet > problem.unmet ? cheapest(plan, () => true) : null;
}

function cheapest(plan: SlotPlan, isMeant: (lender: number, borrower: number, kind: number) => boolean): number {
  let [best, bestLoss] = [-1, Infinity];
  for (let move = 0; move < plan.slots.length; move++) {
    if (plan.slots[move] === 0) continue;
    const [lender, borrower, kind] = [plan.lenderOf(move), plan.borrowerOf(move), move % plan.kinds];
    if (!isMeant(lender, borrower, kind)) continue;
    const loss = (plan.excess(borrower * plan.kinds + kind) >= 0 ? 1 : 0) - (plan.excess(lender * plan.kinds + kind) > 0 ? 1 : 0);
    if (loss < bestLoss) [best, bestLoss] = [move, loss];
  }
  return best;
}

/** Lends slot by slot, the worst share first, from whoever has most to spare, or would be left with a smaller share unmet; where the band alone forbids it, against a slot that comes back, or one that the borrower has for what it lacks less. Ends when no slot helps. */
function lendWhereItHelps(plan: SlotPlan): void {
  for (let helped = true; helped;) {
    helped = false;
    const needy = [...plan.given.keys()].filter((cell) => plan.excess(cell) > 0).sort((a, b) => plan.shareOf(b) - plan.shareOf(a) || a - b);
    for (const cell of needy) {
      const moves = plan.excess(cell) > 0 ? helpFor(plan, cell) : [];
      moves.forEach(({ move, more }) => plan.lend(move, more));
      // Why looked at after it: a slot given up for another may leave two without one, the borrower's and the lender's own; fewer than without sharing may have that.
      const isTooMuch = plan.unmet > plan.problem.unmet;
      if (isTooMuch) moves.forEach(({ move, more }) => plan.lend(move, -more));
      helped ||= moves.length > 0 && !isTooMuch;
    }
  }
}

interface Step {
  readonly move: number;
  readonly more: 1 | -1;
}

/** One slot for a cell, with the one that comes back or is given up for it where that must be. */
function helpFor(plan: SlotPlan, cell: number): readonly Step[] {
  const { kinds, problem } = plan;
  const [borrower, kind] = [Math.floor(cell / kinds), cell % kinds];
  const willing = Array.from({ length: plan.n }, (_, lender) => lender).filter((lender) => lender !== borrower && plan.mayLend(plan.moveOf(lender, borrower, kind)) && leavesLess(plan, lender * kinds + kind, cell));
  willing.sort((a, b) => plan.excess(a * kinds + kind) - plan.excess(b * kinds + kind) || plan.balance[a]! - plan.balance[b]! || a - b);
  for (const lender of willing) {
    const minutes = problem.minutes[lender * kinds + kind]!;
    if (plan.isInBand(lender, minutes) && plan.isInBand(borrower, -minutes)) return [{ move: plan.moveOf(lender, borrower, kind), more: 1 }];
  }
  for (const lender of willing) {
    const minutes = problem.minutes[lender * kinds + kind]!;
    for (let back = 0; back < kinds; back++) {
      const [from, to, move] = [borrower * kinds + back, lender * kinds + back, plan.moveOf(borrower, lender, back)];
      if (back === kind || plan.excess(from) >= 0 || plan.excess(to) <= 0 || !plan.mayLend(move)) continue;
      const net = minutes - problem.minutes[from]!;
      if (plan.isInBand(lender, net) && plan.isInBand(borrower, -net)) return [{ move: plan.moveOf(lender, borrower, kind), more: 1 }, { move, more: 1 }];
    }
  }
  for (const lender of willing) {
    const minutes = problem.minutes[lender * kinds + kind]!;
    for (let other = 0; other < kinds; other++) {
      const [to, move] = [borrower * kinds + other, plan.moveOf(lender, borrower, other)];
      if (other === kind || plan.slots[move] === 0 || !leavesLess(plan, to, cell) || (plan.given[to]! > 0 && !plan.mayMiss(to))) continue;
      const net = minutes - problem.minutes[lender * kinds + other]!;
      if (plan.isInBand(lender, net) && plan.isInBand(borrower, -net)) return [{ move, more: -1 }, { move: plan.moveOf(lender, borrower, kind), more: 1 }];
    }
  }
  return [];
}

/** Whether one cell has a slot to spare, or would have a smaller share of its demand unmet without it than another has now. */
function leavesLess(plan: SlotPlan, from: number, to: number): boolean {
  const excess = plan.excess(from);
  return excess < 0 || (plan.problem.demand[from]! > 0 && (excess + 1) / plan.problem.demand[from]! < plan.shareOf(to));
}
