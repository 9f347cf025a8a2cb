import { Injectable } from '@nestjs/common';
import type { AgreementId, LocalDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { AgreedMoney } from '../agreed-money';
import { CostKeeping } from '../cost-keeping';
import type { Cents } from '../domain/money';
import { type CostId, beginOf } from '../domain/money-terms';
import type { PeriodCode } from '../domain/period';
import { PeriodNotBegun } from '../domain/statement.errors';
import type { RecordedCost } from '../persistence/shared-cost.repository';

export interface Proof {
  readonly document: string;
  readonly sha256: string;
  readonly dated: LocalDate;
}

/** What the caller's practice paid for a shared cost. Throws AgreementUnknown, NoMoneyTerms, PeriodNotBegun, CostUnknown, CostIsAgreed, OverBudget, StatedAlready. */
@Injectable()
export class RecordSharedCost {
  constructor(private readonly agreed: AgreedMoney, private readonly keeping: CostKeeping) {}

  async execute(tx: Tx, by: Signatory, paid: { readonly agreement: AgreementId; readonly cost: CostId; readonly period: PeriodCode; readonly amount: Cents; readonly evidence: Proof }): Promise<RecordedCost> {
    const governing = await this.agreed.locked(tx, paid.agreement, by.practice, paid.period);
    if (beginOf(governing.money, governing.period.from) > tx.now) throw new PeriodNotBegun(paid.period, governing.period.from);
    return this.keeping.keep(tx, by, paid.agreement, governing, { cost: paid.cost, amount: paid.amount, corrects: null, reason: null, ...paid.evidence });
  }
}
