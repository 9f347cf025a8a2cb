import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type PracticeId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';

export const sides = ['host', 'booking'] as const;
export const requestStates = ['waiting', 'refused'] as const;
export interface RequestFilter {
  readonly practice: PracticeId;
  /** Which of the two the practice is. */
  readonly side: (typeof sides)[number];
  /** `refused`: declined or lapsed, as long as the visit would still be to come. */
  readonly state: (typeof requestStates)[number];
  readonly after: { readonly by: Instant; readonly id: string } | null;
  readonly limit: number;
}
export interface ApprovalRequest {
  readonly id: AppointmentId;
  readonly host: PracticeId;
  /** Until when it may be answered; of what is due, since when it is. */
  readonly by: Instant;
}
/** When a request that waits ends without an answer: at its deadline, or as soon as its patient asks that nothing goes to the host. */
const DUE = `coalesce((SELECT min(r.from_at) FROM patient_restriction r WHERE r.patient_id = appointment.booking_patient_id AND r.ended_at IS NULL AND (r.to_practice_id IS NULL OR r.to_practice_id = appointment.host_id)), approve_by)`;

/** Visits that partners ask for, as far as the answer is concerned. */
@Injectable()
export class ApprovalRequestRepository {
  /** By deadline, the soonest first. */
  async list(sql: Sql, { practice, side, state, after, limit }: RequestFilter, now: Instant): Promise<ApprovalRequest[]> {
    const rows = await sql.query<RequestRow>(
      `SELECT id, host_id, approve_by AS due FROM appointment WHERE CASE WHEN $2 = 'host' THEN host_id = $1 AND booking_id <> $1 ELSE booking_id = $1 AND host_id <> $1 END
         AND CASE WHEN $3 = 'waiting' THEN approval = 'waiting' ELSE approval IN ('declined', 'lapsed') AND starts_at > $4 END
         AND ($5::timestamptz IS NULL OR (approve_by, id) > ($5, $6::uuid)) ORDER BY approve_by, id LIMIT $7`,
      [practice, side, state, toDate(now), after === null ? null : toDate(after.by), after?.id ?? null, limit]);
    return rows.map(toRequest);
  }

  /** Whose time to be answered is over, and those that a patient does not want any more. */
  async due(sql: Sql, now: Instant, limit: number): Promise<ApprovalRequest[]> {
    return (await sql.query<RequestRow>(`SELECT id, host_id, ${DUE} AS due FROM appointment WHERE approval = 'waiting' AND ${DUE} <= $1 ORDER BY due, id LIMIT $2`, [toDate(now), limit])).map(toRequest);
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const [next] = await sql.query<{ due: Date | null }>(`SELECT min(${DUE}) AS due FROM appointment WHERE approval = 'waiting'`);
    return next?.due ? instantOfDate(next.due) : null;
  }
}

interface RequestRow { id: AppointmentId; host_id: PracticeId; due: Date }
const toRequest = (row: RequestRow): ApprovalRequest => ({ id: row.id, host: row.host_id, by: instantOfDate(row.due) });
