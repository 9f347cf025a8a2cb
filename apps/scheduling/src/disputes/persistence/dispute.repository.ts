import { Injectable } from '@nestjs/common';
import { type AgreementId, type DisputeId, type Instant, type PracticeId, instantOfDate, instantOrNull, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { BreachedStandard, Dispute, DisputeOutcome, DisputeState, DisputeStep, DoneStep } from '../domain/dispute';

interface Row {
  id: DisputeId; agreement_id: AgreementId; practice_id: PracticeId; against_id: PracticeId; matter: string; measured: BreachedStandard | null; opened_by: string; opened_at: Date; state: DisputeState; due_at: Date | null; told_of: DisputeStep | null;
  agreed_by: PracticeId | null; agreed_text: string | null; outcome: DisputeOutcome | null; closed_by: string | null; closed_at: Date | null; closing: string | null;
}

@Injectable()
export class DisputeRepository {
  /** Both are parties of a version that is or was in force. */
  async areParties(sql: Sql, agreement: AgreementId, one: PracticeId, other: PracticeId, now: Instant): Promise<boolean> {
    const rows = await sql.query(`SELECT 1 FROM agreement_version WHERE agreement_id = $1 AND $2 = ANY (practices) AND $3 = ANY (practices) AND status IN ('approved', 'in-force', 'superseded', 'terminated') AND effective_from <= $4 AND (effective_to IS NULL OR effective_to > effective_from) LIMIT 1`,
      [agreement, one, other, toDate(now)]);
    return rows.length > 0;
  }

  async add(sql: Sql, d: Dispute): Promise<void> {
    await sql.execute(`INSERT INTO dispute (id, agreement_id, practice_id, against_id, practices, matter, opened_by, opened_at, due_at, standard, measured) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb)`,
      [d.id, d.agreement, d.opener, d.against, [d.opener, d.against], d.matter, d.openedBy, toDate(d.openedAt), d.dueAt === null ? null : toDate(d.dueAt), d.standard?.measure ?? null, d.standard === null ? null : JSON.stringify(d.standard)]);
  }

  /** Newest first; `open`: those that are not closed. */
  async list(sql: Sql, reader: PracticeId, by: { readonly open: boolean; readonly before: string | null; readonly limit: number }): Promise<Dispute[]> {
    return (await sql.query<Row>(`SELECT * FROM dispute WHERE $1 = ANY (practices) AND (NOT $2::boolean OR state <> 'closed') AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`, [reader, by.open, by.before, by.limit])).map(disputeOf);
  }

  async find(sql: Sql, id: DisputeId, reader: PracticeId | null, lock = false): Promise<Dispute | null> {
    const [row] = await sql.query<Row>(`SELECT * FROM dispute WHERE id = $1 AND ($2::text IS NULL OR $2 = ANY (practices)) ${lock ? 'FOR NO KEY UPDATE' : ''}`, [id, reader]);
    return row ? disputeOf(row) : null;
  }

  async steps(sql: Sql, id: DisputeId): Promise<DoneStep[]> {
    const rows = await sql.query<{ step: DisputeStep; practice_id: PracticeId; text: string; done_by: string; done_at: Date; due_at: Date }>(`SELECT step, practice_id, text, done_by, done_at, due_at FROM dispute_step WHERE dispute_id = $1 ORDER BY due_at`, [id]);
    return rows.map((row) => ({ step: row.step, practice: row.practice_id, text: row.text, by: row.done_by, at: instantOfDate(row.done_at), dueAt: instantOfDate(row.due_at) }));
  }

  async addStep(sql: Sql, dispute: Dispute, done: DoneStep, after: Pick<Dispute, 'state' | 'dueAt'>): Promise<void> {
    await sql.execute(`INSERT INTO dispute_step (dispute_id, step, practice_id, practices, text, done_by, done_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [dispute.id, done.step, done.practice, [dispute.opener, dispute.against], done.text, done.by, toDate(done.at), toDate(done.dueAt)]);
    await sql.execute(`UPDATE dispute SET state = $2, due_at = $3 WHERE id = $1`, [dispute.id, after.state, after.dueAt === null ? null : toDate(after.dueAt)]);
  }

  async agree(sql: Sql, id: DisputeId, by: PracticeId, text: string): Promise<void> {
    await sql.execute(`UPDATE dispute SET agreed_by = $2, agreed_text = $3 WHERE id = $1`, [id, by, text]);
  }

  async close(sql: Sql, id: DisputeId, outcome: DisputeOutcome, closing: string, by: string, at: Instant): Promise<void> {
    await sql.execute(`UPDATE dispute SET state = 'closed', due_at = NULL, outcome = $2, closing = $3, closed_by = $4, closed_at = $5 WHERE id = $1`, [id, outcome, closing, by, toDate(at)]);
  }

  async told(sql: Sql, id: DisputeId, step: DisputeStep): Promise<void> {
    await sql.execute(`UPDATE dispute SET told_of = $2 WHERE id = $1`, [id, step]);
  }

  /** Overdue, and nobody was told yet. */
  async untold(sql: Sql, now: Instant, limit: number): Promise<DisputeId[]> {
    return (await sql.query<{ id: DisputeId }>(`SELECT id FROM dispute WHERE due_at <= $1 AND ${UNTOLD} ORDER BY due_at, id LIMIT $2`, [toDate(now), limit])).map(({ id }) => id);
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    return instantOrNull((await sql.query<{ at: Date | null }>(`SELECT min(due_at) AS at FROM dispute WHERE due_at IS NOT NULL AND ${UNTOLD}`))[0]?.at);
  }
}

const UNTOLD = `told_of IS DISTINCT FROM CASE state WHEN 'open' THEN 'answer' WHEN 'answered' THEN 'meet' ELSE 'mediate' END`;
const disputeOf = (row: Row): Dispute => ({
  id: row.id, agreement: row.agreement_id, opener: row.practice_id, against: row.against_id, matter: row.matter, standard: row.measured, openedBy: row.opened_by, openedAt: instantOfDate(row.opened_at), state: row.state, dueAt: instantOrNull(row.due_at), toldOf: row.told_of,
  agreedBy: row.agreed_by, agreedText: row.agreed_text, outcome: row.outcome, closedBy: row.closed_by, closedAt: instantOrNull(row.closed_at), closing: row.closing,
});
