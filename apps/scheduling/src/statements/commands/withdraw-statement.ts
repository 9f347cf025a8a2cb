import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { MakerWithdraws, StatementIsOver, StatementUnknown } from '../domain/statement.errors';
import { StatementRepository, type Statement } from '../persistence/statement.repository';
import { statementWithdrawn } from '../statement.events';

/** The practice that made a statement takes it back before it is final, so that it can be made again with what was missing. Throws StatementUnknown, MakerWithdraws, StatementIsOver. */
@Injectable()
export class WithdrawStatement {
  constructor(private readonly statements: StatementRepository) {}

  async execute(tx: Tx, by: Signatory, id: string, because: string): Promise<Statement> {
    const statement = await this.statements.lock(tx, id, by.practice);
    if (!statement) throw new StatementUnknown();
    if (statement.madeFor !== by.practice) throw new MakerWithdraws(statement.madeFor);
    if (statement.state === 'final' || statement.state === 'withdrawn') throw new StatementIsOver(statement.state);
    const withdrawal = { at: tx.now, by: by.subject, because };
    await this.statements.withdraw(tx, id, withdrawal);
    const withdrawn: Statement = { ...statement, state: 'withdrawn', withdrawal };
    tx.outbox.add(statementWithdrawn(withdrawn));
    tx.audit.record({ action: 'statement.withdrawn', entity: 'statement', entityId: id });
    return withdrawn;
  }
}
