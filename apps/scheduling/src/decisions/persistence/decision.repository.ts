import { Injectable } from '@nestjs/common';
import { type DecisionId, type Instant, type LocalDate, type PartnershipId, type PracticeId, type Zone, instantOfDate, instantOrNull, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { USUAL_VOTING, type VotingTerms, votingTerms } from '../voting-terms.schema';
import type { Conflict, Decision, DecisionKind, DecisionState, DecisionTask, RecordedVote } from '../domain/decision';
import type { Result, Tally, Vote } from '../domain/tally';

interface DecisionRow {
  id: DecisionId; partnership_id: PartnershipId; practice_id: PracticeId; practices: PracticeId[]; title: string; motion: string; kind: DecisionKind; quorum: number; threshold: number; weights: Record<string, number>;
  moved_by: string; moved_at: Date; opens_at: Date; due_at: Date; state: DecisionState; decided_at: Date | null; tally: Tally | null; departed: PracticeId[]; withdrawn_reason: string | null;
}
interface TaskRow { id: string; decision_id: DecisionId; practice_id: PracticeId; zone: Zone; what: string; due_on: LocalDate; evidence: string | null; done_by: string | null; done_at: Date | null }
const TASK = `SELECT t.id, t.decision_id, t.practice_id, p.zone, t.what, t.due_on::text AS due_on, t.evidence, t.done_by, t.done_at FROM decision_task t JOIN practice p ON p.id = t.practice_id`;

@Injectable()
export class DecisionRepository {
  async partnershipOf(sql: Sql, practice: PracticeId): Promise<PartnershipId | null> {
    return (await sql.query<{ id: PartnershipId }>(`SELECT partnership_id AS id FROM membership WHERE practice_id = $1`, [practice]))[0]?.id ?? null;
  }

  async membersOf(sql: Sql, partnership: PartnershipId): Promise<PracticeId[]> {
    return (await sql.query<{ id: PracticeId }>(`SELECT practice_id AS id FROM membership WHERE partnership_id = $1 ORDER BY 1`, [partnership])).map(({ id }) => id);
  }

  /** How the members agreed to decide: of the widest agreement in force that all of them are parties of. */
  async votingOf(sql: Sql, partnership: PartnershipId, members: readonly PracticeId[], now: Instant): Promise<VotingTerms> {
    const [row] = await sql.query<{ voting: unknown }>(
      `SELECT v.terms->'voting' AS voting FROM agreement_version v JOIN agreement a ON a.id = v.agreement_id WHERE a.partnership_id = $1 AND v.practices @> $2 AND v.terms ? 'voting' AND v.status IN ('approved', 'in-force', 'superseded')
       AND v.effective_from <= $3 AND (v.effective_to IS NULL OR v.effective_to > $3) ORDER BY cardinality(v.practices) DESC, v.agreement_id LIMIT 1`, [partnership, [...members], toDate(now)]);
    return row ? votingTerms.parse(row.voting) : USUAL_VOTING;
  }

  async add(sql: Sql, d: Decision): Promise<void> {
    await sql.execute(`INSERT INTO decision (id, partnership_id, practice_id, practices, title, motion, kind, quorum, threshold, weights, moved_by, moved_at, opens_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13, $14)`,
      [d.id, d.partnership, d.mover, practicesOf(d), d.title, d.motion, d.kind, d.quorum, d.threshold, JSON.stringify(Object.fromEntries(d.members.map(({ practice, weight }) => [practice, weight]))), d.movedBy, toDate(d.movedAt), toDate(d.opensAt), toDate(d.dueAt)]);
  }

  /** Newest first. `reader` null: everybody's. */
  async list(sql: Sql, reader: PracticeId | null, state: DecisionState | null, before: string | null, limit: number): Promise<Decision[]> {
    return (await sql.query<DecisionRow>(`SELECT * FROM decision WHERE ($1::text IS NULL OR $1 = ANY (practices)) AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`, [reader, state, before, limit])).map(decisionOf);
  }

  async find(sql: Sql, id: DecisionId, reader: PracticeId | null, lock = false): Promise<Decision | null> {
    const [row] = await sql.query<DecisionRow>(`SELECT * FROM decision WHERE id = $1 AND ($2::text IS NULL OR $2 = ANY (practices)) ${lock ? 'FOR NO KEY UPDATE' : ''}`, [id, reader]);
    return row ? decisionOf(row) : null;
  }

  async votes(sql: Sql, id: DecisionId): Promise<RecordedVote[]> {
    const rows = await sql.query<{ practice_id: PracticeId; vote: Vote; cast_by: string; cast_at: Date }>(`SELECT practice_id, vote, cast_by, cast_at FROM decision_vote WHERE decision_id = $1 ORDER BY practice_id`, [id]);
    return rows.map((row) => ({ practice: row.practice_id, vote: row.vote, by: row.cast_by, at: instantOfDate(row.cast_at) }));
  }

  async cast(sql: Sql, decision: Decision, vote: RecordedVote): Promise<void> {
    await sql.execute(`INSERT INTO decision_vote (decision_id, practice_id, practices, vote, cast_by, cast_at) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (decision_id, practice_id) DO UPDATE SET vote = excluded.vote, cast_by = excluded.cast_by, cast_at = excluded.cast_at`, [decision.id, vote.practice, practicesOf(decision), vote.vote, vote.by, toDate(vote.at)]);
  }

  async conflicts(sql: Sql, id: DecisionId): Promise<Conflict[]> {
    const rows = await sql.query<{ practice_id: PracticeId; reason: string; declared_by: string; declared_at: Date }>(`SELECT practice_id, reason, declared_by, declared_at FROM decision_conflict WHERE decision_id = $1 ORDER BY practice_id`, [id]);
    return rows.map((row) => ({ practice: row.practice_id, reason: row.reason, by: row.declared_by, at: instantOfDate(row.declared_at) }));
  }

  async addConflict(sql: Sql, decision: Decision, conflict: Conflict): Promise<void> {
    await sql.execute(`INSERT INTO decision_conflict (decision_id, practice_id, practices, reason, declared_by, declared_at) VALUES ($1, $2, $3, $4, $5, $6)`, [decision.id, conflict.practice, practicesOf(decision), conflict.reason, conflict.by, toDate(conflict.at)]);
  }

  async decide(sql: Sql, id: DecisionId, result: Result, tally: Tally, departed: readonly PracticeId[], at: Instant): Promise<void> {
    await sql.execute(`UPDATE decision SET state = $2, tally = $3::jsonb, departed = $4, decided_at = $5 WHERE id = $1`, [id, result, JSON.stringify(tally), [...departed], toDate(at)]);
  }

  async withdraw(sql: Sql, id: DecisionId, reason: string, at: Instant): Promise<void> {
    await sql.execute(`UPDATE decision SET state = 'withdrawn', withdrawn_reason = $2, decided_at = $3 WHERE id = $1`, [id, reason, toDate(at)]);
  }

  async due(sql: Sql, now: Instant, limit: number): Promise<DecisionId[]> {
    return (await sql.query<{ id: DecisionId }>(`SELECT id FROM decision WHERE state = 'open' AND due_at <= $1 ORDER BY due_at, id LIMIT $2`, [toDate(now), limit])).map(({ id }) => id);
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    return instantOrNull((await sql.query<{ at: Date | null }>(`SELECT min(due_at) AS at FROM decision WHERE state = 'open'`))[0]?.at);
  }

  async tasks(sql: Sql, id: DecisionId): Promise<DecisionTask[]> {
    return (await sql.query<TaskRow>(`${TASK} WHERE t.decision_id = $1 ORDER BY t.due_on, t.id`, [id])).map(taskOf);
  }

  async addTask(sql: Sql, decision: Decision, task: { readonly id: string; readonly owner: PracticeId; readonly what: string; readonly dueOn: LocalDate; readonly by: string; readonly at: Instant }): Promise<void> {
    await sql.execute(`INSERT INTO decision_task (id, decision_id, practice_id, practices, what, due_on, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [task.id, decision.id, task.owner, practicesOf(decision), task.what, task.dueOn, task.by, toDate(task.at)]);
  }

  async finishTask(sql: Sql, id: string, evidence: string, by: string, at: Instant): Promise<void> {
    await sql.execute(`UPDATE decision_task SET evidence = $2, done_by = $3, done_at = $4 WHERE id = $1`, [id, evidence, by, toDate(at)]);
  }

  /** Tasks that are not done, by the date that they are due on; with `overdue` those whose date is over in their owner's zone at `now`. */
  async openTasks(sql: Sql, by: { readonly overdue: boolean; readonly now: Instant; readonly after: { readonly dueOn: LocalDate; readonly id: string } | null; readonly limit: number }): Promise<DecisionTask[]> {
    const rows = await sql.query<TaskRow>(`${TASK} WHERE t.done_at IS NULL AND (NOT $1::boolean OR t.due_on < ($2::timestamptz AT TIME ZONE p.zone)::date) AND ($3::date IS NULL OR (t.due_on, t.id) > ($3, $4::uuid)) ORDER BY t.due_on, t.id LIMIT $5`,
      [by.overdue, toDate(by.now), by.after?.dueOn ?? null, by.after?.id ?? null, by.limit]);
    return rows.map(taskOf);
  }
}

const practicesOf = ({ members }: Decision): PracticeId[] => members.map(({ practice }) => practice);
const decisionOf = (row: DecisionRow): Decision => ({
  id: row.id, partnership: row.partnership_id, members: row.practices.map((practice) => ({ practice, weight: row.weights[practice] ?? 1 })), title: row.title, motion: row.motion, kind: row.kind, quorum: row.quorum, threshold: row.threshold,
  mover: row.practice_id, movedBy: row.moved_by, movedAt: instantOfDate(row.moved_at), opensAt: instantOfDate(row.opens_at), dueAt: instantOfDate(row.due_at), state: row.state, decidedAt: instantOrNull(row.decided_at), tally: row.tally,
  departed: row.departed, withdrawnReason: row.withdrawn_reason,
});
const taskOf = (row: TaskRow): DecisionTask => ({
  id: row.id, decision: row.decision_id, owner: row.practice_id, zone: row.zone, what: row.what, dueOn: row.due_on,
  done: row.evidence === null || row.done_by === null || row.done_at === null ? null : { evidence: row.evidence, by: row.done_by, at: instantOfDate(row.done_at) },
});
