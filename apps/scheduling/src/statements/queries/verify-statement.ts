import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { AgreedMoney } from '../agreed-money';
import type { StatementContent } from '../documents/statement-content';
import { statementCsv } from '../documents/statement-csv';
import { statementPdf } from '../documents/statement-pdf';
import { state, type StatementInputs } from '../domain/statement';
import { StatementIsOver, StatementUnknown } from '../domain/statement.errors';
import { hashOf } from '../domain/statement-hash';
import { SharedCostRepository } from '../persistence/shared-cost.repository';
import { StatementRepository } from '../persistence/statement.repository';

interface Hashes {
  readonly inputs: string;
  readonly result: string;
  readonly csv: string;
  readonly pdf: string;
}

/** Builds a statement anew from the agreement's version and the recorded costs as they lie in the database now, and holds it against the one that is kept. Throws StatementUnknown, StatementIsOver where it was withdrawn. */
@Injectable()
export class VerifyStatement {
  constructor(private readonly statements: StatementRepository, private readonly agreed: AgreedMoney, private readonly costs: SharedCostRepository) {}

  async execute(sql: Sql, id: string, party: PracticeId): Promise<{ readonly same: boolean; readonly kept: Hashes; readonly rebuilt: Hashes }> {
    const statement = await this.statements.find(sql, id, party);
    if (!statement) throw new StatementUnknown();
    if (statement.state === 'withdrawn') throw new StatementIsOver('withdrawn');
    const { agreement, version, period } = statement.inputs;
    const money = await this.agreed.ofVersion(sql, agreement, party, version);
    const inputs: StatementInputs = { ...statement.inputs, zone: money?.zone ?? statement.inputs.zone, costs: money?.costs ?? [], lines: await this.costs.linesOf(sql, agreement, period.code) };
    const [kept, rebuilt] = await Promise.all([hashesOf(statement), hashesOf({ ...statement, inputs, inputsHash: hashOf(inputs), result: state(inputs) })]);
    const claimed: Hashes = { ...kept, inputs: statement.inputsHash, result: statement.resultHash };
    return { same: (['inputs', 'result', 'csv', 'pdf'] as const).every((part) => claimed[part] === rebuilt[part]), kept: claimed, rebuilt };
  }
}

async function hashesOf(content: StatementContent): Promise<Hashes> {
  const of = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
  return { inputs: content.inputsHash, result: hashOf(content.result), csv: of(statementCsv(content)), pdf: of(await statementPdf(content)) };
}
