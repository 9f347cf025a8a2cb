import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { AgreedMoney } from '../agreed-money';
import { CostKeeping } from '../cost-keeping';
import { type Cents, cents } from '../domain/money';
import { CorrectTheFirst, NothingToCorrect, PayerCorrects, SharedCostUnknown } from '../domain/statement.errors';
import { SharedCostRepository, type RecordedCost } from '../persistence/shared-cost.repository';
import type { Proof } from './record-shared-cost';

/** A further line for the difference; the first one stays as it is. Throws SharedCostUnknown, PayerCorrects, CorrectTheFirst, NothingToCorrect, and what recording throws. */
@Injectable()
export class CorrectSharedCost {
  constructor(private readonly agreed: AgreedMoney, private readonly costs: SharedCostRepository, private readonly keeping: CostKeeping) {}

  /** `right`: what the amount should have been. */
  async execute(tx: Tx, by: Signatory, id: string, right: Cents, reason: string, evidence: Proof): Promise<RecordedCost> {
    const first = await this.costs.find(tx, id, by.practice);
    if (!first) throw new SharedCostUnknown();
    if (first.corrects !== null) throw new CorrectTheFirst(first.corrects);
    if (first.paidBy !== by.practice) throw new PayerCorrects(first.paidBy);
    const governing = await this.agreed.locked(tx, first.agreement, by.practice, first.fell);
    // Why behind the lock: of two corrections at once the second sees the first.
    const difference = cents(right - (await this.costs.standing(tx, id)));
    if (difference === 0) throw new NothingToCorrect();
    return this.keeping.keep(tx, by, first.agreement, governing, { cost: first.cost, amount: difference, corrects: id, reason, ...evidence });
  }
}
