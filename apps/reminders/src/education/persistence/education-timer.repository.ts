import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { KnownAppointment } from '../../appointments/persistence/appointment.repository';

/** The step under which its message stands beside those of the plan. */
export const EDUCATION_STEP = 'education';

@Injectable()
export class EducationTimerRepository {
  async set(tx: Tx, { id, host, revision }: { readonly id: AppointmentId; readonly host: PracticeId; readonly revision: number }, fireAt: Instant): Promise<void> {
    await tx.execute('INSERT INTO education_timer (appointment_id, host, revision, fire_at) VALUES ($1, $2, $3, $4) ON CONFLICT (appointment_id) DO UPDATE SET revision = excluded.revision, fire_at = excluded.fire_at', [id, host, revision, formatInstant(fireAt)]);
  }

  async clear(tx: Tx, appointment: AppointmentId): Promise<void> {
    await tx.execute('DELETE FROM education_timer WHERE appointment_id = $1', [appointment]);
  }

  async waits(tx: Tx, appointment: AppointmentId): Promise<boolean> {
    return (await tx.query('SELECT FROM education_timer WHERE appointment_id = $1', [appointment])).length > 0;
  }

  /** Whether it was asked for already, at whatever time the visit then was. */
  async wasAsked(tx: Tx, appointment: AppointmentId): Promise<boolean> {
    const [row] = await tx.query<{ asked: boolean }>(`SELECT EXISTS (SELECT FROM step_outcome WHERE appointment_id = $1 AND step = '${EDUCATION_STEP}' AND state <> 'skipped') AS asked`, [appointment]);
    return row?.asked ?? false;
  }

  /** Takes a batch of what is due, nearest first; a crash gives it back. */
  async claim(tx: Tx, limit: number): Promise<{ appointment: AppointmentId; revision: number; fireAt: Instant }[]> {
    const rows = await tx.query<{ appointment_id: AppointmentId; revision: number; fire_at: Date }>(
      'DELETE FROM education_timer WHERE appointment_id IN (SELECT appointment_id FROM education_timer WHERE fire_at <= $1 ORDER BY fire_at, appointment_id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING appointment_id, revision, fire_at', [formatInstant(tx.now), limit]);
    return rows.map(({ appointment_id, revision, fire_at }) => ({ appointment: appointment_id, revision, fireAt: instantOfDate(fire_at) }));
  }

  async skipped(tx: Tx, { id, host, patient, revision }: KnownAppointment, reason: string): Promise<void> {
    await tx.execute(`INSERT INTO step_outcome (appointment_id, revision, step, host, patient_id, state, reason, at) VALUES ($1, $2, '${EDUCATION_STEP}', $3, $4, 'skipped', $5, $6) ON CONFLICT DO NOTHING`, [id, revision, host, patient, reason, formatInstant(tx.now)]);
  }

  async state(sql: Sql, now: Instant): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
    const [found] = await sql.query<{ now: boolean; next: Date | null }>('SELECT EXISTS (SELECT FROM education_timer WHERE fire_at <= $1) AS now, (SELECT min(fire_at) FROM education_timer WHERE fire_at > $1) AS next', [formatInstant(now)]);
    return { dueNow: found?.now ?? false, nextDue: found?.next ? instantOfDate(found.next) : null };
  }
}
