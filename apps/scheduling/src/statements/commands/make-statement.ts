import { Injectable } from '@nestjs/common';
import { type AgreementId, type PracticeId, addDays, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { AgreedMoney } from '../agreed-money';
import { type MoneyTerms, beginOf } from '../domain/money-terms';
import type { Period, PeriodCode } from '../domain/period';
import { state, type StatementInputs } from '../domain/statement';
import { EvidenceExpired, PeriodNotOver, StatementStands } from '../domain/statement.errors';
import { hashOf } from '../domain/statement-hash';
import { SharedCostRepository } from '../persistence/shared-cost.repository';
import { StatementRepository, type Statement } from '../persistence/statement.repository';
import { statementMade } from '../statement.events';

/** The statement of a period that is over, for the parties to approve. Throws AgreementUnknown, NoMoneyTerms, PeriodNotOver, EvidenceExpired, StatementStands. */
@Injectable()
export class MakeStatement {
  constructor(private readonly agreed: AgreedMoney, private readonly costs: SharedCostRepository, private readonly statements: StatementRepository) {}

  async execute(tx: Tx, by: Signatory, agreement: AgreementId, code: PeriodCode): Promise<Statement> {
    const { version, money, period } = await this.agreed.locked(tx, agreement, by.practice, code);
    if (beginOf(money, period.until) > tx.now) throw new PeriodNotOver(code, period.until);
    requireEvidence(money, period);
    const standing = (await this.statements.stated(tx, agreement)).get(code);
    if (standing !== undefined) throw new StatementStands(standing, code);
    const inputs: StatementInputs = { agreement, version, zone: money.zone, period, parties: await this.named(tx, money.parties), costs: money.costs, lines: await this.costs.linesOf(tx, agreement, code) };
    const result = state(inputs);
    const made: Statement = {
      id: newId(), practices: money.parties, state: 'drafted', inputs, inputsHash: hashOf(inputs), result, resultHash: hashOf(result), madeFor: by.practice, madeBy: by.subject, madeAt: tx.now, finalAt: null, withdrawal: null, verdicts: [],
    };
    await this.statements.add(tx, made);
    tx.outbox.add(statementMade(made));
    tx.audit.record({ action: 'statement.made', entity: 'statement', entityId: made.id, details: { agreement, period: code, inputsHash: made.inputsHash } });
    return made;
  }

  private async named(tx: Tx, practices: readonly PracticeId[]): Promise<StatementInputs['parties']> {
    return tx.query<{ practice: PracticeId; name: string }>('SELECT id AS practice, name FROM practice WHERE id = ANY ($1) ORDER BY id COLLATE "C"', [[...practices]]);
  }
}

/** A price that nobody can show to be right any more is not charged. */
function requireEvidence(money: MoneyTerms, period: Period): void {
  for (const cost of money.costs) if (cost.method !== 'equal' && cost.evidence.expires < addDays(period.until, -1)) throw new EvidenceExpired(cost.id, cost.evidence.expires);
}
