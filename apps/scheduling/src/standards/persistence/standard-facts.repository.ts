import { Injectable } from '@nestjs/common';
import { PRACTICES_REASON } from '@slotmesh/contracts';
import { type AgreementId, type Instant, type PracticeId, instantOfDate, instantOrNull, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { type StandardsTerms, standardsTerms } from '../standards-terms.schema';

export interface Window {
  readonly agreement: AgreementId;
  readonly practice: PracticeId;
  readonly from: Instant;
  /** Exclusive; what was known then counts. */
  readonly until: Instant;
}
const valuesOf = ({ agreement, practice, from, until }: Window): unknown[] => [agreement, practice, toDate(from), toDate(until)];

/** What the measures of standards are made of; read as a worker, after the reader was found to be a party. */
@Injectable()
export class StandardFactsRepository {
  /** The version that was in force at the instant, if `reader` is a party of it. */
  async inForce(sql: Sql, agreement: AgreementId, reader: PracticeId, at: Instant): Promise<{ readonly practices: readonly PracticeId[]; readonly standards: StandardsTerms } | null> {
    const [row] = await sql.query<{ practices: PracticeId[]; standards: unknown }>(
      `SELECT practices, terms->'standards' AS standards FROM agreement_version WHERE agreement_id = $1 AND $2 = ANY (practices) AND status IN ('approved', 'in-force', 'superseded', 'terminated') AND effective_from <= $3 AND (effective_to IS NULL OR effective_to > $3)`,
      [agreement, reader, toDate(at)]);
    return row ? { practices: row.practices, standards: standardsTerms.parse(row.standards ?? {}) } : null;
  }

  /** Referrals of other parties to the practice, with their first answer: that it accepted or declined. What its sender took back before that is no case. */
  async referrals(sql: Sql, window: Window): Promise<{ readonly sentAt: Instant; readonly answeredAt: Instant | null }[]> {
    const rows = await sql.query<{ sent_at: Date; answered_at: Date | null }>(
      `SELECT sent_at, answered_at FROM (SELECT r.sent_at, r.status, (SELECT min(e.at) FROM audit_entry e WHERE e.practice_id = $2 AND e.at >= r.sent_at AND e.at < $4 AND e.entity = 'referral' AND e.entity_id = r.id::text AND e.action IN ('referral.accept', 'referral.decline')) AS answered_at
         FROM referral r WHERE r.receiver_id = $2 AND r.agreement_id = $1 AND r.sent_at >= $3 AND r.sent_at < $4) AS r WHERE answered_at IS NOT NULL OR status <> 'cancelled'`, valuesOf(window));
    return rows.map((row) => ({ sentAt: instantOfDate(row.sent_at), answeredAt: instantOrNull(row.answered_at) }));
  }

  /**
   * Visits that other parties booked at the practice and that begin in the window, and how many of them its own people moved, or it called off (a reason of its own, or a closed day). Each counts once.
   * A request that was not approved is none of them.
   * A move that a patient asked the host's desk for counts, too: who wished it is written nowhere.
   */
  async bumps(sql: Sql, window: Window): Promise<{ readonly visits: number; readonly bumped: number }> {
    const [row] = await sql.query<{ visits: number; bumped: number }>(
      `SELECT count(*)::int AS visits, (count(*) FILTER (WHERE (a.status = 'cancelled' AND a.cancel_reason ~ $5 AND a.changed_at < $4) OR a.id::text IN (
           SELECT e.entity_id FROM audit_entry e WHERE e.practice_id = $2 AND e.at < $4 AND e.entity = 'appointment' AND (e.action = 'absence.visit-moved'
             OR (e.action = 'appointment.rescheduled' AND e.actor_kind IN ('staff', 'worker') AND e.actor_subject !~ '^(patient|representative|worker):')))))::int AS bumped
       FROM appointment a WHERE a.agreement_id = $1 AND a.host_id = $2 AND a.booking_id <> $2 AND a.starts_at >= $3 AND a.starts_at < $4 AND a.status <> 'entered-in-error' AND coalesce(a.approval, 'approved') = 'approved'`, [...valuesOf(window), PRACTICES_REASON]);
    return row ?? { visits: 0, bumped: 0 };
  }

  /** Visits that other parties booked at the practice and that begin in the window, whose patients answered by its end how they were; and how many said 1 or 2 of 5. */
  async feedback(sql: Sql, window: Window): Promise<{ readonly answered: number; readonly poor: number }> {
    const [row] = await sql.query<{ answered: number; poor: number }>(
      `SELECT count(*)::int AS answered, (count(*) FILTER (WHERE f.score <= 2))::int AS poor FROM visit_feedback f JOIN appointment a ON a.id = f.appointment_id
       WHERE a.agreement_id = $1 AND a.host_id = $2 AND a.booking_id <> $2 AND a.starts_at >= $3 AND a.starts_at < $4 AND f.answered_at < $4`, valuesOf(window));
    return row ?? { answered: 0, poor: 0 };
  }

  /** Texts that came in the window about visits that other parties booked at the practice, with when its desk first read or answered each. */
  async texts(sql: Sql, window: Window): Promise<{ readonly sentAt: Instant; readonly answeredAt: Instant | null }[]> {
    const rows = await sql.query<{ received_at: Date; settled_at: Date | null }>(
      `SELECT t.received_at, CASE WHEN t.settled_at < $4 THEN t.settled_at END AS settled_at FROM visit_text t JOIN appointment a ON a.id = t.appointment_id
       WHERE a.agreement_id = $1 AND a.host_id = $2 AND a.booking_id <> $2 AND t.received_at >= $3 AND t.received_at < $4`, valuesOf(window));
    return rows.map((row) => ({ sentAt: instantOfDate(row.received_at), answeredAt: instantOrNull(row.settled_at) }));
  }

  /** Minutes that the practice offered on dates of the window and that it withdrew again, from the ledger; a case is a date. */
  async withdrawals(sql: Sql, window: Window): Promise<{ readonly offered: number; readonly withdrawn: number; readonly days: number }> {
    const [row] = await sql.query<{ offered: number; withdrawn: number; days: number }>(
      `SELECT coalesce(-sum(minutes) FILTER (WHERE account = 'capacity'), 0)::int AS offered, coalesce(sum(minutes) FILTER (WHERE account = 'withdrawn-late'), 0)::int AS withdrawn, (count(DISTINCT day) FILTER (WHERE account = 'capacity'))::int AS days
       FROM ledger_line WHERE agreement_id = $1 AND practice_id = $2 AND host_id = $2 AND day >= ($3::timestamptz AT TIME ZONE 'UTC')::date AND day < ($4::timestamptz AT TIME ZONE 'UTC')::date AND at < $4`, valuesOf(window));
    return row ?? { offered: 0, withdrawn: 0, days: 0 };
  }
}
