import type { AgreementId, LocalDate, PracticeId, Zone } from '@slotmesh/kernel';
import type { AllocationMethod } from './allocation-method';
import { type Cents, cents, sumOf } from './money';
import { type CostId, type SharedCost, agreedOf, weightsOf } from './money-terms';
import type { Period, PeriodCode } from './period';
import { type Share, byCode, split } from './split';

/** What a practice really paid for a shared cost, or a correction of it. */
export interface CostLine {
  readonly id: string;
  readonly cost: CostId;
  readonly paidBy: PracticeId;
  readonly amount: Cents;
  /** The period in which it fell; a late one is stated in a later period. */
  readonly fell: PeriodCode;
  readonly corrects: string | null;
  readonly reason: string | null;
  readonly document: string;
  readonly sha256: string;
  readonly dated: LocalDate;
}

/**
 * All that a statement rests on (P19): what was agreed and what was paid. It has no place for a referral, a booking, a visit, a patient, an hour offered or used, or a count of any of them: a statement cannot
 * follow what it is never given.
 */
export interface StatementInputs {
  readonly agreement: AgreementId;
  readonly version: number;
  readonly zone: Zone;
  readonly period: Period;
  /** Names as they were when the statement was made. */
  readonly parties: readonly { readonly practice: PracticeId; readonly name: string }[];
  readonly costs: readonly SharedCost[];
  readonly lines: readonly CostLine[];
}

export interface StatedCost {
  readonly cost: CostId;
  readonly name: string;
  readonly method: AllocationMethod;
  readonly total: Cents;
  readonly paid: readonly Share[];
  readonly shares: readonly Share[];
}
export interface StatedParty {
  readonly practice: PracticeId;
  readonly paid: Cents;
  readonly share: Cents;
  /** Paid less its share: above zero it is owed that much, below zero it owes. */
  readonly net: Cents;
}
export interface Transfer {
  readonly from: PracticeId;
  readonly to: PracticeId;
  readonly amount: Cents;
}
export interface StatementResult {
  readonly costs: readonly StatedCost[];
  readonly parties: readonly StatedParty[];
  /** Payments that settle the statement; fewer than there are parties. */
  readonly transfers: readonly Transfer[];
}

/** The same answer for the same inputs, in whatever order they come; shares of a cost sum to it, nets sum to zero. */
export function state({ parties, costs, lines }: Pick<StatementInputs, 'parties' | 'costs' | 'lines'>): StatementResult {
  const practices = parties.map(({ practice }) => practice).sort(byCode);
  const stated = [...costs].sort((a, b) => byCode(a.id, b.id)).map((cost) => stateCost(cost, lines.filter((line) => line.cost === cost.id), practices));
  const of = (shares: readonly Share[], practice: PracticeId): Cents => sumOf(shares.filter((one) => one.practice === practice).map(({ amount }) => amount));
  const nets = practices.map((practice) => {
    const [paid, share] = [sumOf(stated.map((cost) => of(cost.paid, practice))), sumOf(stated.map((cost) => of(cost.shares, practice)))];
    return { practice, paid, share, net: cents(paid - share) };
  });
  return { costs: stated, parties: nets, transfers: settle(nets) };
}

function stateCost(cost: SharedCost, lines: readonly CostLine[], practices: readonly PracticeId[]): StatedCost {
  const agreed = agreedOf(cost);
  const paid = practices.map((practice) => ({ practice, amount: agreed ? cents(practice === agreed.providedBy ? agreed.amount : 0) : sumOf(lines.filter(({ paidBy }) => paidBy === practice).map(({ amount }) => amount)) }));
  const total = sumOf(paid.map(({ amount }) => amount));
  return { cost: cost.id, name: cost.name, method: cost.method, total, paid, shares: split(total, weightsOf(cost, practices)) };
}

/** Who owes most pays first to whom most is owed; equal ones by practice code. */
function settle(nets: readonly StatedParty[]): Transfer[] {
  const open = nets.map(({ practice, net }) => ({ practice, net: Number(net) }));
  const transfers: Transfer[] = [];
  for (;;) {
    const [from, to] = [first(open, (a, b) => a.net - b.net), first(open, (a, b) => b.net - a.net)];
    if (!from || !to || from.net >= 0) return transfers.sort((a, b) => byCode(a.from, b.from) || byCode(a.to, b.to));
    const amount = Math.min(-from.net, to.net);
    from.net += amount;
    to.net -= amount;
    transfers.push({ from: from.practice, to: to.practice, amount: cents(amount) });
  }
}
const first = <T extends { readonly practice: string }>(all: readonly T[], order: (a: T, b: T) => number): T | undefined => [...all].sort((a, b) => order(a, b) || byCode(a.practice, b.practice))[0];
