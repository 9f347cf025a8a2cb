import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { stateAfter } from '../domain/approval';
import { MakerDoesNotApprove, StatementIsOver, StatementUnknown } from '../domain/statement.errors';
import { StatementRepository, type Statement } from '../persistence/statement.repository';
import { statementApproved, statementDisputed, statementFinal } from '../statement.events';

/** A party approves a statement, or disputes it and says why; its later word replaces the earlier. Throws StatementUnknown, StatementIsOver, MakerDoesNotApprove. */
@Injectable()
export class JudgeStatement {
  constructor(private readonly statements: StatementRepository) {}

  /** `dispute`: why it is disputed; null approves. */
  async execute(tx: Tx, by: Signatory, id: string, dispute: string | null): Promise<Statement> {
    const statement = await this.statements.lock(tx, id, by.practice);
    if (!statement) throw new StatementUnknown();
    if (statement.state === 'final' || statement.state === 'withdrawn') throw new StatementIsOver(statement.state);
    if (dispute === null && statement.madeBy === by.subject) throw new MakerDoesNotApprove();
    const verdict = { practice: by.practice, verdict: dispute === null ? ('approved' as const) : ('disputed' as const), by: by.subject, reason: dispute };
    const verdicts = [...statement.verdicts.filter(({ practice }) => practice !== by.practice), { ...verdict, at: tx.now }];
    const state = stateAfter(statement.practices, verdicts);
    await this.statements.judge(tx, statement, verdict, tx.now);
    await this.statements.setState(tx, id, state, tx.now);
    const judged: Statement = { ...statement, state, verdicts, finalAt: state === 'final' ? tx.now : null };
    tx.outbox.add(dispute === null ? statementApproved(judged, by.practice) : statementDisputed(judged, by.practice));
    if (state === 'final') tx.outbox.add(statementFinal(judged));
    tx.audit.record({ action: `statement.${verdict.verdict}`, entity: 'statement', entityId: id, details: { state } });
    return judged;
  }
}
