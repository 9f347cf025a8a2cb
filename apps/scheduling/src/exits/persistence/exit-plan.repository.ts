import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type PartnershipId, type PracticeId, instantOfDate, instantOrNull, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { ExitFindings, ExitPlan } from '../domain/exit-plan';

interface PlanRow {
  id: string; partnership_id: PartnershipId; practice_id: PracticeId; practices: PracticeId[]; reason: string; state: ExitPlan['state']; given_by: string; given_at: Date; confirmed_by: string | null; confirmed_at: Date | null;
  exit_at: Date | null; left_at: Date | null; closed_at: Date | null;
}
export interface BehindVisit {
  readonly appointment: AppointmentId;
  readonly host: PracticeId;
  readonly booking: PracticeId;
  readonly start: Instant;
  readonly zone: string;
  readonly status: string;
  /** The reader's own record of the patient. */
  readonly patient: string;
  readonly honoured: boolean;
}
/** Visits between the leaving practice (`p`) and a partner that stand and begin at or after the exit. */
const BEHIND = `FROM appointment a JOIN exit_plan p ON p.id = $1 AND p.practice_id IN (a.host_id, a.booking_id) LEFT JOIN exit_visit v ON v.plan_id = p.id AND v.appointment_id = a.id
  WHERE a.host_id <> a.booking_id AND a.host_id = ANY (p.practices) AND a.booking_id = ANY (p.practices) AND a.status IN ('pending', 'booked') AND a.starts_at >= p.exit_at AND (p.left_at IS NULL OR a.booked_at < p.left_at)`;
/** Who came back by a new agreement holds and offers time by that one. */
const NOT_BACK = `NOT (p.left_at IS NOT NULL AND EXISTS (SELECT FROM membership m WHERE m.practice_id = p.practice_id))`;

@Injectable()
export class ExitPlanRepository {
  async add(sql: Sql, plan: Pick<ExitPlan, 'id' | 'partnership' | 'practice' | 'practices' | 'reason' | 'givenBy' | 'givenAt'>): Promise<void> {
    await sql.execute(`INSERT INTO exit_plan (id, partnership_id, practice_id, practices, reason, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [plan.id, plan.partnership, plan.practice, [...plan.practices], plan.reason, plan.givenBy, toDate(plan.givenAt)]);
  }

  /** A plan whose exit is still to come. One that has left, came back and has not closed its checklist can leave again. */
  async open(sql: Sql, practice: PracticeId): Promise<string | null> {
    return (await sql.query<{ id: string }>(`SELECT id FROM exit_plan WHERE practice_id = $1 AND state IN ('notice', 'leaving')`, [practice]))[0]?.id ?? null;
  }

  async list(sql: Sql, after: string | null, limit: number): Promise<ExitPlan[]> {
    return (await sql.query<PlanRow>(`SELECT * FROM exit_plan WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`, [after, limit])).map(planOf);
  }

  /** Null: there is none, or `reader` is no party. */
  async find(sql: Sql, id: string, reader: PracticeId | null, lock = false): Promise<ExitPlan | null> {
    const [row] = await sql.query<PlanRow>(`SELECT * FROM exit_plan WHERE id = $1 AND ($2::text IS NULL OR $2 = ANY (practices)) ${lock ? 'FOR NO KEY UPDATE' : ''}`, [id, reader]);
    return row ? planOf(row) : null;
  }

  /** For all who are members by now. */
  async confirm(sql: Sql, id: string, by: string, at: Instant, exitAt: Instant): Promise<void> {
    await sql.execute(`UPDATE exit_plan p SET state = 'leaving', confirmed_by = $2, confirmed_at = $3, exit_at = $4,
      practices = ARRAY (SELECT unnest(p.practices) UNION SELECT m.practice_id FROM membership m WHERE m.partnership_id = p.partnership_id ORDER BY 1) WHERE id = $1`, [id, by, toDate(at), toDate(exitAt)]);
  }

  async withdraw(sql: Sql, id: string): Promise<void> {
    await sql.execute(`UPDATE exit_plan SET state = 'withdrawn' WHERE id = $1`, [id]);
  }

  async left(sql: Sql, id: string, at: Instant): Promise<void> {
    await sql.execute(`UPDATE exit_plan SET state = 'left', left_at = $2 WHERE id = $1`, [id, toDate(at)]);
  }

  async close(sql: Sql, id: string, by: string, at: Instant, certificate: object): Promise<void> {
    await sql.execute(`UPDATE exit_plan SET state = 'closed', closed_by = $2, closed_at = $3, certificate = $4::jsonb WHERE id = $1`, [id, by, toDate(at), JSON.stringify(certificate)]);
  }

  async certificate(sql: Sql, id: string): Promise<unknown> {
    return (await sql.query<{ certificate: unknown }>(`SELECT certificate FROM exit_plan WHERE id = $1`, [id]))[0]?.certificate ?? null;
  }

  /** The longest days of notice of agreements in force that the practice is a party of. */
  async noticeDays(sql: Sql, practice: PracticeId): Promise<number | null> {
    const [row] = await sql.query<{ days: number | null }>(`SELECT max((terms->>'noticeDays')::int) AS days FROM agreement_version WHERE status IN ('approved', 'in-force') AND $1 = ANY (practices)`, [practice]);
    return row?.days ?? null;
  }

  async evidence(sql: Sql, id: string): Promise<ReadonlyMap<string, string>> {
    const rows = await sql.query<{ item: string; evidence: string; document: string | null; given_by: string }>(`SELECT item, evidence, document, given_by FROM exit_evidence WHERE plan_id = $1`, [id]);
    return new Map(rows.map((row) => [row.item, `${row.evidence}${row.document === null ? '' : ` (${row.document})`}, ${row.given_by}`]));
  }

  async addEvidence(sql: Sql, plan: ExitPlan, item: string, given: { readonly evidence: string; readonly document: string | null; readonly by: string; readonly at: Instant }): Promise<void> {
    await sql.execute(`INSERT INTO exit_evidence (plan_id, item, practices, evidence, document, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (plan_id, item) DO UPDATE SET evidence = excluded.evidence, document = excluded.document, given_by = excluded.given_by, given_at = excluded.given_at`,
      [plan.id, item, [...plan.practices], given.evidence, given.document, given.by, toDate(given.at)]);
  }

  /** As a worker: what partners have counts, too. */
  async findings(sql: Sql, plan: ExitPlan): Promise<ExitFindings> {
    const [counts] = await sql.query<{ open: number; honoured: number; holds: number; offers: number; statements: number }>(
      `SELECT (SELECT count(*) FILTER (WHERE v.plan_id IS NULL)::int ${BEHIND}) AS open, (SELECT count(*) FILTER (WHERE v.plan_id IS NOT NULL)::int ${BEHIND}) AS honoured,
         (SELECT count(*)::int FROM hold h, exit_plan p WHERE p.id = $1 AND h.state = 'active' AND h.host_id <> h.holder_id AND p.practice_id IN (h.host_id, h.holder_id) AND h.starts_at >= p.exit_at AND ${NOT_BACK}) AS holds,
         (SELECT count(*)::int FROM offer o, exit_plan p WHERE p.id = $1 AND o.state = 'open' AND o.host_id <> o.practice_id AND p.practice_id IN (o.host_id, o.practice_id) AND ${NOT_BACK}) AS offers,
         (SELECT count(*)::int FROM cost_statement c, exit_plan p WHERE p.id = $1 AND p.practice_id = ANY (c.practices) AND c.state NOT IN ('final', 'withdrawn')) AS statements`, [plan.id]);
    const exports = await sql.query<{ content: string; format: string; sha256: string; rows: number; made_at: Date }>(`SELECT content, format, sha256, rows, made_at FROM exit_export WHERE plan_id = $1 ORDER BY content DESC, format DESC`, [plan.id]);
    return {
      visitsOpen: counts?.open ?? 0, visitsHonoured: counts?.honoured ?? 0, holdsBehind: counts?.holds ?? 0, offersOpen: counts?.offers ?? 0, statementsOpen: counts?.statements ?? 0,
      exports: exports.map(({ made_at, ...file }) => ({ ...file, madeAt: instantOfDate(made_at) })),
    };
  }

  /** Visits behind the exit that `reader` hosts or booked, by start. */
  async visits(sql: Sql, plan: string, reader: PracticeId, after: { readonly start: Instant; readonly id: string } | null, limit: number): Promise<BehindVisit[]> {
    const rows = await sql.query<{ id: AppointmentId; host_id: PracticeId; booking_id: PracticeId; starts_at: Date; zone: string; status: string; patient_id: string; booking_patient_id: string | null; honoured: boolean }>(
      `SELECT a.id, a.host_id, a.booking_id, a.starts_at, a.zone, a.status, a.patient_id, a.booking_patient_id, v.plan_id IS NOT NULL AS honoured ${BEHIND} AND $2 IN (a.host_id, a.booking_id)
         AND ($3::timestamptz IS NULL OR (a.starts_at, a.id) > ($3, $4::uuid)) ORDER BY a.starts_at, a.id LIMIT $5`, [plan, reader, after === null ? null : toDate(after.start), after?.id ?? null, limit]);
    return rows.map((row) => ({ appointment: row.id, host: row.host_id, booking: row.booking_id, start: instantOfDate(row.starts_at), zone: row.zone, status: row.status, patient: row.host_id === reader ? row.patient_id : (row.booking_patient_id ?? row.patient_id), honoured: row.honoured }));
  }

  /** The host's promise to see them; of `only` or of all that are open. Requests that wait are no visits, and are declined or lapse. Returns which were promised now or before. */
  async honour(sql: Sql, plan: string, host: PracticeId, only: readonly AppointmentId[] | null, by: string, at: Instant): Promise<AppointmentId[]> {
    const rows = await sql.query<{ id: AppointmentId }>(`SELECT a.id ${BEHIND} AND a.status = 'booked' AND a.host_id = $2 AND ($3::uuid[] IS NULL OR a.id = ANY ($3)) ORDER BY a.id`, [plan, host, only]);
    await sql.execute(`INSERT INTO exit_visit (plan_id, appointment_id, host_id, booking_id, honoured_by, honoured_at) SELECT $1, a.id, a.host_id, a.booking_id, $2, $3 FROM appointment a WHERE a.id = ANY ($4::uuid[]) ON CONFLICT DO NOTHING`,
      [plan, by, toDate(at), rows.map(({ id }) => id)]);
    return rows.map(({ id }) => id);
  }

  async noteExport(sql: Sql, file: { readonly plan: string; readonly practice: PracticeId; readonly content: string; readonly format: string; readonly rows: number; readonly sha256: string; readonly at: Instant; readonly by: string }): Promise<void> {
    await sql.execute(`INSERT INTO exit_export (plan_id, practice_id, content, format, rows, sha256, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (plan_id, content, format) DO UPDATE SET rows = excluded.rows, sha256 = excluded.sha256, made_at = excluded.made_at, made_by = excluded.made_by`,
      [file.plan, file.practice, file.content, file.format, file.rows, file.sha256, toDate(file.at), file.by]);
  }

  async due(sql: Sql, now: Instant, limit: number): Promise<{ readonly id: string; readonly practice: PracticeId }[]> {
    return (await sql.query<{ id: string; practice_id: PracticeId }>(`SELECT id, practice_id FROM exit_plan WHERE state = 'leaving' AND exit_at <= $1 ORDER BY exit_at, id LIMIT $2`, [toDate(now), limit])).map((row) => ({ id: row.id, practice: row.practice_id }));
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    return instantOrNull((await sql.query<{ at: Date | null }>(`SELECT min(exit_at) AS at FROM exit_plan WHERE state = 'leaving'`))[0]?.at);
  }
}

const planOf = (row: PlanRow): ExitPlan => ({
  id: row.id, partnership: row.partnership_id, practice: row.practice_id, practices: row.practices, reason: row.reason, state: row.state, givenBy: row.given_by, givenAt: instantOfDate(row.given_at), confirmedBy: row.confirmed_by,
  confirmedAt: instantOrNull(row.confirmed_at), exitAt: instantOrNull(row.exit_at), leftAt: instantOrNull(row.left_at), closedAt: instantOrNull(row.closed_at),
});
