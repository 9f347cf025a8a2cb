import { borrowerOf, lenderOf } from './quota-model';
import { type QuotaProblem, shareOf, wholeOf } from './quota-problem';

/** Whole slots lent, while a plan is made, with all sums that the limits speak of. */
export class SlotPlan {
  readonly n: number;
  readonly kinds: number;
  readonly slots: Int32Array;
  /** By cell. */
  readonly given: Int32Array;
  readonly received: Int32Array;
  /** By practice, in minutes: given less received, and given. */
  readonly balance: Float64Array;
  readonly lent: Float64Array;
  unmet: number;

  constructor(readonly problem: QuotaProblem) {
    this.n = problem.practices.length;
    this.kinds = problem.kinds;
    this.slots = new Int32Array(this.n * this.n * this.kinds);
    [this.given, this.received] = [new Int32Array(this.n * this.kinds), new Int32Array(this.n * this.kinds)];
    [this.balance, this.lent] = [new Float64Array(this.n), new Float64Array(this.n)];
    this.unmet = problem.unmet;
  }

  lenderOf = (move: number): number => lenderOf(move, this.n, this.kinds);
  borrowerOf = (move: number): number => borrowerOf(move, this.n, this.kinds);
  moveOf = (lender: number, borrower: number, kind: number): number => (lender * this.n + borrower) * this.kinds + kind;
  /** Demand beyond what there is; below zero: slots to spare. */
  excess = (cell: number): number => this.problem.demand[cell]! - this.problem.capacity[cell]! + this.given[cell]! - this.received[cell]!;
  unmetOf = (cell: number): number => Math.max(0, this.excess(cell));
  shareOf = (cell: number): number => shareOf(this.unmetOf(cell), this.problem.demand[cell]!);

  get worstUnmetShare(): number {
    let worst = 0;
    for (let cell = 0; cell < this.given.length; cell++) worst = Math.max(worst, this.shareOf(cell));
    return worst;
  }

  /** Lends so many slots more, or fewer. */
  lend(move: number, more: number): void {
    const [lender, borrower, kind] = [this.lenderOf(move), this.borrowerOf(move), move % this.kinds];
    const [from, to] = [lender * this.kinds + kind, borrower * this.kinds + kind];
    const before = this.unmetOf(from) + this.unmetOf(to);
    const minutes = more * this.problem.minutes[from]!;
    this.slots[move]! += more;
    this.given[from]! += more;
    this.received[to]! += more;
    this.balance[lender]! += minutes;
    this.balance[borrower]! -= minutes;
    this.lent[lender]! += minutes;
    this.unmet += this.unmetOf(from) + this.unmetOf(to) - before;
  }

  /** Whether one slot more keeps the quota, what the lender lends at most, and what it may leave unmet; reciprocity is looked at apart. */
  mayLend(move: number): boolean {
    const [lender, kind] = [this.lenderOf(move), move % this.kinds];
    const from = lender * this.kinds + kind;
    return this.given[from]! + 1 <= wholeOf(this.problem.lendable[from]!)
      && this.lent[lender]! + this.problem.minutes[from]! <= this.problem.mostLent[lender]!
      && this.mayMiss(from);
  }

  /** Whether a practice that lends of it may have one slot of a cell less. */
  mayMiss = (cell: number): boolean => this.excess(cell) < 0 || this.excess(cell) + 1 <= wholeOf(this.problem.mostUnmet[cell]!);

  /** Whether the band holds for a practice whose balance changes by so many minutes. */
  isInBand = (practice: number, more: number): boolean => Math.abs(this.balance[practice]! + more) <= this.problem.reciprocity[practice]!;
}
