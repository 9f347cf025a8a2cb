import { Injectable } from '@nestjs/common';
import { type AgreementId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { GoverningMoney } from './agreed-money';
import type { Signatory } from '../agreements/domain/agreement-version';
import { agreedOf, budgetYearOf, periodsOf, type SharedCost } from './domain/money-terms';
import type { PeriodCode } from './domain/period';
import { CostIsAgreed, CostUnknown, OverBudget, StatedAlready } from './domain/statement.errors';
import type { CostLine } from './domain/statement';
import { SharedCostRepository, type RecordedCost } from './persistence/shared-cost.repository';
import { StatementRepository } from './persistence/statement.repository';

/** What holds for every line that enters the pool, first or correction. The agreement is locked by now. */
@Injectable()
export class CostKeeping {
  constructor(private readonly costs: SharedCostRepository, private readonly statements: StatementRepository) {}

  /** Throws CostUnknown, CostIsAgreed, OverBudget, StatedAlready. */
  async keep(tx: Tx, by: Signatory, agreement: AgreementId, governing: GoverningMoney, line: Omit<CostLine, 'id' | 'paidBy' | 'fell'>): Promise<RecordedCost> {
    const { money, period } = governing;
    const cost = money.costs.find(({ id }) => id === line.cost);
    if (!cost) throw new CostUnknown(line.cost, money.costs.map(({ id }) => id));
    if (agreedOf(cost)) throw new CostIsAgreed(cost.id);
    if (line.amount > 0) await this.requireBudget(tx, agreement, governing, cost, line.amount);
    const recorded: RecordedCost = { ...line, id: newId(), agreement, practices: money.parties, paidBy: by.practice, fell: period.code, statedIn: await this.statedIn(tx, agreement, governing), recordedAt: tx.now, recordedBy: by.subject };
    await this.costs.add(tx, recorded);
    tx.audit.record({ action: line.corrects === null ? 'shared-cost.recorded' : 'shared-cost.corrected', entity: 'shared-cost', entityId: recorded.id, details: { agreement, cost: cost.id, period: period.code, amountCents: line.amount } });
    return recorded;
  }

  private async requireBudget(tx: Tx, agreement: AgreementId, { money, period }: GoverningMoney, cost: SharedCost, amount: number): Promise<void> {
    const year = budgetYearOf(money, period.from);
    const spent = await this.costs.spent(tx, agreement, cost.id, periodsOf(money).filter(({ from }) => from >= year.from && from < year.until).map(({ code }) => code));
    if (spent + amount > cost.yearlyBudgetCents) throw new OverBudget({ cost: cost.id, yearFrom: year.from, leftCents: Math.max(0, cost.yearlyBudgetCents - spent) });
  }

  /** The period in which it fell, or, where that has its statement, the next one that has none: a statement that people look at does not change under them. */
  private async statedIn(tx: Tx, agreement: AgreementId, { period, periods }: GoverningMoney): Promise<PeriodCode> {
    const stated = await this.statements.stated(tx, agreement);
    const next = periods.find(({ code, from }) => from >= period.from && !stated.has(code));
    if (!next) throw new StatedAlready(period.code);
    return next.code;
  }
}
