import { Injectable } from '@nestjs/common';
import { type AgreementId, type Instant, type PracticeId, instantOfDate, instantOrNull, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { PartyVerdict, StatementState } from '../domain/approval';
import type { PeriodCode } from '../domain/period';
import type { StatementInputs, StatementResult } from '../domain/statement';
import { statementInputs, statementResult } from './statement.schema';

export interface Withdrawal {
  readonly at: Instant;
  readonly by: string;
  readonly because: string;
}
export interface Statement {
  readonly id: string;
  readonly practices: readonly PracticeId[];
  readonly state: StatementState | 'withdrawn';
  readonly inputs: StatementInputs;
  readonly inputsHash: string;
  readonly result: StatementResult;
  readonly resultHash: string;
  /** The practice that made it, and who there. */
  readonly madeFor: PracticeId;
  readonly madeBy: string;
  readonly madeAt: Instant;
  readonly finalAt: Instant | null;
  readonly withdrawal: Withdrawal | null;
  readonly verdicts: readonly (PartyVerdict & { readonly at: Instant })[];
}
interface Row {
  id: string; practices: PracticeId[]; state: Statement['state']; inputs: unknown; inputs_hash: string; result: unknown; result_hash: string; made_for: PracticeId; made_by: string; made_at: Date; final_at: Date | null;
  withdrawn_at: Date | null; withdrawn_by: string | null; withdrawn_because: string | null; verdicts: { practice: PracticeId; verdict: PartyVerdict['verdict']; by: string; reason: string | null; at: string }[] | null;
}
const SELECT = `SELECT s.*, (SELECT jsonb_agg(jsonb_build_object('practice', v.practice_id, 'verdict', v.verdict, 'by', v.given_by, 'reason', v.reason, 'at', v.given_at) ORDER BY v.practice_id COLLATE "C") FROM cost_statement_verdict v WHERE v.statement_id = s.id) AS verdicts FROM cost_statement s`;

@Injectable()
export class StatementRepository {
  async add(sql: Sql, s: Statement): Promise<void> {
    await sql.execute(`INSERT INTO cost_statement (id, agreement_id, agreement_version, period, practices, state, inputs, inputs_hash, result, result_hash, made_for, made_by, made_at) VALUES ($1, $2, $3, $4, $5, 'drafted', $6, $7, $8, $9, $10, $11, $12)`,
      [s.id, s.inputs.agreement, s.inputs.version, s.inputs.period.code, [...s.practices], JSON.stringify(s.inputs), s.inputsHash, JSON.stringify(s.result), s.resultHash, s.madeFor, s.madeBy, toDate(s.madeAt)]);
  }

  async find(sql: Sql, id: string, party: PracticeId): Promise<Statement | null> {
    const [row] = await sql.query<Row>(`${SELECT} WHERE s.id = $1 AND $2 = ANY (s.practices)`, [id, party]);
    return row ? statementOf(row) : null;
  }

  /** Locked, then read anew: a verdict that came while the lock was awaited counts. */
  async lock(sql: Sql, id: string, party: PracticeId): Promise<Statement | null> {
    await sql.query('SELECT id FROM cost_statement WHERE id = $1 AND $2 = ANY (practices) FOR NO KEY UPDATE', [id, party]);
    return this.find(sql, id, party);
  }

  /** In the order in which they were made. */
  async list(sql: Sql, party: PracticeId, by: { readonly agreement: AgreementId | null; readonly period: PeriodCode | null; readonly state: Statement['state'] | null; readonly after: string | null; readonly limit: number }): Promise<Statement[]> {
    const rows = await sql.query<Row>(
      `${SELECT} WHERE $1 = ANY (s.practices) AND ($2::uuid IS NULL OR s.agreement_id = $2) AND ($3::text IS NULL OR s.period = $3) AND ($4::text IS NULL OR s.state = $4) AND ($5::uuid IS NULL OR s.id > $5) ORDER BY s.id LIMIT $6`,
      [party, by.agreement, by.period, by.state, by.after, by.limit]);
    return rows.map(statementOf);
  }

  /** Periods with a statement that was not withdrawn. */
  async stated(sql: Sql, agreement: AgreementId): Promise<ReadonlyMap<PeriodCode, string>> {
    const rows = await sql.query<{ period: PeriodCode; id: string }>(`SELECT period, id FROM cost_statement WHERE agreement_id = $1 AND state <> 'withdrawn'`, [agreement]);
    return new Map(rows.map(({ period, id }) => [period, id]));
  }

  async judge(sql: Sql, { id, practices }: Statement, verdict: PartyVerdict, at: Instant): Promise<void> {
    await sql.execute(
      `INSERT INTO cost_statement_verdict (statement_id, practice_id, practices, verdict, reason, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (statement_id, practice_id) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason, given_by = excluded.given_by, given_at = excluded.given_at`,
      [id, verdict.practice, [...practices], verdict.verdict, verdict.reason, verdict.by, toDate(at)]);
  }

  async setState(sql: Sql, id: string, state: StatementState, at: Instant): Promise<void> {
    await sql.execute(`UPDATE cost_statement SET state = $2, final_at = CASE WHEN $2 = 'final' THEN $3::timestamptz END WHERE id = $1`, [id, state, toDate(at)]);
  }

  async withdraw(sql: Sql, id: string, { at, by, because }: Withdrawal): Promise<void> {
    await sql.execute(`UPDATE cost_statement SET state = 'withdrawn', withdrawn_at = $2, withdrawn_by = $3, withdrawn_because = $4 WHERE id = $1`, [id, toDate(at), by, because]);
  }
}

const statementOf = (row: Row): Statement => ({
  id: row.id, practices: row.practices, state: row.state, inputs: statementInputs.parse(row.inputs), inputsHash: row.inputs_hash, result: statementResult.parse(row.result), resultHash: row.result_hash, madeFor: row.made_for, madeBy: row.made_by,
  madeAt: instantOfDate(row.made_at), finalAt: instantOrNull(row.final_at),
  withdrawal: row.withdrawn_at && row.withdrawn_by !== null && row.withdrawn_because !== null ? { at: instantOfDate(row.withdrawn_at), by: row.withdrawn_by, because: row.withdrawn_because } : null,
  verdicts: (row.verdicts ?? []).map((verdict) => ({ ...verdict, at: instantOfDate(new Date(verdict.at)) })),
});
