import { Injectable } from '@nestjs/common';
import { type AgreementId, type Instant, type LocalDate, type PracticeId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { type Cents, cents } from '../domain/money';
import type { CostId } from '../domain/money-terms';
import type { PeriodCode } from '../domain/period';
import type { CostLine } from '../domain/statement';

/** A line as it was recorded, and the period whose statement it enters. */
export interface RecordedCost extends CostLine {
  readonly agreement: AgreementId;
  readonly practices: readonly PracticeId[];
  readonly statedIn: PeriodCode;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
}
interface Row {
  id: string; agreement_id: AgreementId; practices: PracticeId[]; cost: CostId; paid_by: PracticeId; amount_cents: string; fell: PeriodCode; stated_in: PeriodCode; corrects: string | null; reason: string | null;
  document: string; sha256: string; dated: LocalDate; recorded_at: Date; recorded_by: string;
}
const COLUMNS = 'id, agreement_id, practices, cost, paid_by, amount_cents, fell, stated_in, corrects, reason, document, sha256, dated::text AS dated, recorded_at, recorded_by';

/** Lines are added and read; nothing changes one. */
@Injectable()
export class SharedCostRepository {
  async add(sql: Sql, line: RecordedCost): Promise<void> {
    await sql.execute(`INSERT INTO shared_cost (id, agreement_id, practices, cost, paid_by, amount_cents, fell, stated_in, corrects, reason, document, sha256, dated, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [line.id, line.agreement, [...line.practices], line.cost, line.paidBy, line.amount, line.fell, line.statedIn, line.corrects, line.reason, line.document, line.sha256, line.dated, toDate(line.recordedAt), line.recordedBy]);
  }

  async find(sql: Sql, id: string, party: PracticeId): Promise<RecordedCost | null> {
    const [row] = await sql.query<Row>(`SELECT ${COLUMNS} FROM shared_cost WHERE id = $1 AND $2 = ANY (practices)`, [id, party]);
    return row ? recordedOf(row) : null;
  }

  /** In the order in which they were recorded. */
  async list(sql: Sql, party: PracticeId, by: { readonly agreement: AgreementId | null; readonly period: PeriodCode | null; readonly cost: CostId | null; readonly after: string | null; readonly limit: number }): Promise<RecordedCost[]> {
    const rows = await sql.query<Row>(
      `SELECT ${COLUMNS} FROM shared_cost WHERE $1 = ANY (practices) AND ($2::uuid IS NULL OR agreement_id = $2) AND ($3::text IS NULL OR stated_in = $3) AND ($4::text IS NULL OR cost = $4) AND ($5::uuid IS NULL OR id > $5) ORDER BY id LIMIT $6`,
      [party, by.agreement, by.period, by.cost, by.after, by.limit]);
    return rows.map(recordedOf);
  }

  /** What enters the statement of a period, by id. */
  async linesOf(sql: Sql, agreement: AgreementId, period: PeriodCode): Promise<CostLine[]> {
    return (await sql.query<Row>(`SELECT ${COLUMNS} FROM shared_cost WHERE agreement_id = $1 AND stated_in = $2 ORDER BY id`, [agreement, period])).map(lineOf);
  }

  /** Corrections counted, by when costs fell. */
  async spent(sql: Sql, agreement: AgreementId, cost: CostId, fell: readonly PeriodCode[]): Promise<Cents> {
    const [row] = await sql.query<{ sum: string }>('SELECT coalesce(sum(amount_cents), 0)::text AS sum FROM shared_cost WHERE agreement_id = $1 AND cost = $2 AND fell = ANY ($3)', [agreement, cost, [...fell]]);
    return cents(Number(row?.sum ?? 0));
  }

  /** A line and its corrections together. */
  async standing(sql: Sql, id: string): Promise<Cents> {
    const [row] = await sql.query<{ sum: string }>('SELECT coalesce(sum(amount_cents), 0)::text AS sum FROM shared_cost WHERE id = $1 OR corrects = $1', [id]);
    return cents(Number(row?.sum ?? 0));
  }
}

const lineOf = (row: Row): CostLine => ({
  id: row.id, cost: row.cost, paidBy: row.paid_by, amount: cents(Number(row.amount_cents)), fell: row.fell, corrects: row.corrects, reason: row.reason, document: row.document, sha256: row.sha256, dated: row.dated,
});
const recordedOf = (row: Row): RecordedCost => ({ ...lineOf(row), agreement: row.agreement_id, practices: row.practices, statedIn: row.stated_in, recordedAt: instantOfDate(row.recorded_at), recordedBy: row.recorded_by });
