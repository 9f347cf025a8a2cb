import { DomainError, type PracticeId } from '@slotmesh/kernel';
import { allocationMethods } from './allocation-method';

/** Why a cost is never split by anything that patients sent or seen would move. */
export class AllocationNotAllowed extends DomainError {
  constructor(method: string) {
    super('unprocessable', 'allocation-not-allowed',
      `Costs are shared by ${allocationMethods.join(', ')} only, fixed in advance. Money that follows referrals, bookings, visits, revenue or profit can be payment for referrals (42 USC 1320a-7b(b), 42 USC 1395nn): take one of the four. Profit is not divided here: that is for the practices and their counsel.`,
      { method, allowed: allocationMethods });
  }
}

export class NothingToSplitBy extends DomainError {
  constructor() {
    super('unprocessable', 'nothing-to-split-by', 'At least one practice must bear a part of the cost: give a weight above zero.');
  }
}

export class MoneyTermsRun extends DomainError {
  constructor(until: string) {
    super('conflict', 'money-terms-run', `The money terms in force run until ${until} and are not repriced, replaced or dropped before. Leave them as they are (evidence may be renewed), or let new ones begin on ${until} or later.`, { until });
  }
}

export class MoneyTermsTooLate extends DomainError {
  constructor(from: string) {
    super('unprocessable', 'money-terms-too-late', `Prices are fixed in advance: money terms begin on the day on which the agreement's version takes effect, or later, not on ${from}.`, { from });
  }
}

export class MoneyTermsNameOthers extends DomainError {
  constructor(others: readonly PracticeId[]) {
    super('unprocessable', 'money-terms-parties', `Costs are shared among parties of the agreement only; not a party: ${others.join(', ')}.`, { others });
  }
}

export class NoMoneyTerms extends DomainError {
  constructor(period: string) {
    super('unprocessable', 'no-money-terms', `The agreement shares no costs in ${period}. Name a period of its money terms, such as 2027-01 or 2027-Q1 as they say, in which the agreement is in force.`, { period });
  }
}

export class CostUnknown extends DomainError {
  constructor(cost: string, known: readonly string[]) {
    super('unprocessable', 'cost-unknown', `The agreement shares no cost "${cost}" in this period. It shares: ${known.join(', ') || 'none'}. A new one needs an amendment.`, { cost, known });
  }
}

export class CostIsAgreed extends DomainError {
  constructor(cost: string) {
    super('unprocessable', 'cost-is-agreed', `What "${cost}" costs is fixed by the agreement and enters each statement by itself; there is nothing to record.`, { cost });
  }
}

export class PeriodNotBegun extends DomainError {
  constructor(period: string, begins: string) {
    super('unprocessable', 'period-not-begun', `${period} begins on ${begins}. Record what has been paid, in the period in which it fell.`, { period, begins });
  }
}

export class PeriodNotOver extends DomainError {
  constructor(period: string, ends: string) {
    super('unprocessable', 'period-not-over', `${period} is not over before ${ends}. Make its statement then.`, { period, ends });
  }
}

export class OverBudget extends DomainError {
  constructor(budget: { readonly cost: string; readonly yearFrom: string; readonly leftCents: number }) {
    super('unprocessable', 'over-budget', `The budget of "${budget.cost}" for the year from ${budget.yearFrom} has ${budget.leftCents} cents left. Record up to that; more needs an amendment of the agreement.`, budget);
  }
}

export class StatedAlready extends DomainError {
  constructor(period: string) {
    super('conflict', 'money-terms-stated', `There is a statement for ${period} and for every later period of these money terms. Withdraw the last one if it is not final, record the cost, and make it again.`, { period });
  }
}

export class StatementStands extends DomainError {
  constructor(statement: string, period: string) {
    super('conflict', 'statement-stands', `There is a statement for ${period} already. Approve or dispute that; one that is not final can be withdrawn by the practice that made it.`, { statement, period });
  }
}

export class EvidenceExpired extends DomainError {
  constructor(cost: string, expires: string) {
    super('unprocessable', 'evidence-expired', `The evidence of "${cost}" ran out on ${expires}, before the period ended. Renew it by an amendment (prices stay), then make the statement.`, { cost, expires });
  }
}

export class StatementUnknown extends DomainError {
  constructor() {
    super('not-found', 'statement-unknown', 'Your practice is no party of a statement with this id.');
  }
}

export class SharedCostUnknown extends DomainError {
  constructor() {
    super('not-found', 'shared-cost-unknown', 'Your practice is no party of an agreement with such a cost.');
  }
}

export class PayerCorrects extends DomainError {
  constructor(paidBy: PracticeId) {
    super('forbidden', 'payer-corrects', `Only ${paidBy}, which paid, corrects what it recorded. Dispute the statement instead.`, { paidBy });
  }
}

export class NothingToCorrect extends DomainError {
  constructor() {
    super('conflict', 'nothing-to-correct', 'That is the amount as it stands, earlier corrections counted. Nothing was changed.');
  }
}

export class CorrectTheFirst extends DomainError {
  constructor(id: string) {
    super('unprocessable', 'correct-the-first', `This line is a correction itself. Correct the line that it belongs to: ${id}.`, { id });
  }
}

export class MakerDoesNotApprove extends DomainError {
  constructor() {
    super('forbidden', 'maker-does-not-approve', 'Who made the statement does not approve it. Ask another signatory of your practice.');
  }
}

export class StatementIsOver extends DomainError {
  constructor(state: 'final' | 'withdrawn') {
    super('conflict', 'statement-over', state === 'final' ? 'All parties approved the statement; it is final. What is wrong in it is corrected in the next period.' : 'The statement was withdrawn. Look for the one that replaced it.', { state });
  }
}

export class MakerWithdraws extends DomainError {
  constructor(practice: PracticeId) {
    super('forbidden', 'maker-withdraws', `Only ${practice}, which made the statement, withdraws it. Dispute it and say why.`, { practice });
  }
}
