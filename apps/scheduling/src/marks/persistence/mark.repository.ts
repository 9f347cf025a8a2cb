import { Injectable } from '@nestjs/common';
import { DAY, type AppointmentId, type Instant, type PatientId, type PracticeId, type Zone, instantOfDate, instantOrNull, newId, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { AFFECTING } from '../../absences/persistence/absence.repository';
import type { Appointment } from '../../appointments/domain/appointment';

export type MarkKind = 'late-cancel' | 'late-move' | 'no-show';
export interface Mark {
  readonly id: string;
  readonly patient: PatientId;
  readonly appointment: AppointmentId;
  readonly kind: MarkKind;
  /** Of the visit as it stood when it was marked. */
  readonly start: Instant;
  readonly zone: Zone;
  readonly markedAt: Instant;
  readonly undoneAt: Instant | null;
  readonly excusedAt: Instant | null;
  readonly excusedBy: string | null;
  readonly sealedExcuse: string | null;
  /** Our own reminders failed the patient: it does not count. */
  readonly liftedAt: Instant | null;
  readonly liftedBecause: string | null;
}
interface MarkRow {
  id: string; patient_id: PatientId; appointment_id: AppointmentId; kind: MarkKind; starts_at: Date; zone: Zone; marked_at: Date; undone_at: Date | null; excused_at: Date | null; excused_by: string | null; sealed_excuse: string | null; lifted_at: Date | null; lifted_because: string | null;
}

/** Marks of the practice that runs the visits; the tenant sees only its own. */
@Injectable()
export class MarkRepository {
  /** The visit as it stands before it is called off or moved; on a closed day it could not take place, and nobody is late. Marks of a partner's desk go to the host unseen. */
  async late(tx: Tx, visit: Pick<Appointment, 'id'>, kind: Exclude<MarkKind, 'no-show'>): Promise<void> {
    await tx.execute(`SELECT mark_late($1, $2, $3, $4, $5) WHERE NOT EXISTS (SELECT ${AFFECTING} AND t.id = $2)`, [newId(), visit.id, kind, toDate(tx.now), byWhom(tx)]);
  }

  /** Where reminders says already that it failed the patient, the mark is there and does not count. */
  async missed(tx: Tx, { id, host, patient, start, zone, revision }: Appointment): Promise<void> {
    await tx.execute(
      `INSERT INTO patient_mark (id, practice_id, patient_id, appointment_id, kind, starts_at, zone, marked_at, marked_by, lifted_at, lifted_because)
       SELECT $1, $2, $3, $4, 'no-show', $5, $6, $7, $8, CASE WHEN f.reason IS NOT NULL THEN $7::timestamptz END, f.reason FROM (VALUES ($4::uuid)) AS v(id) LEFT JOIN reminder_failure f ON f.appointment_id = v.id AND f.revision = $9`,
      [newId(), host, patient, id, toDate(start), zone, toDate(tx.now), tx.actor.subject, revision]);
  }

  /** The revision of a visit, which is held until the end of the transaction; null: there is none. */
  async holdVisit(tx: Tx, appointment: AppointmentId): Promise<number | null> {
    const [row] = await tx.query<{ revision: number }>('SELECT revision FROM appointment WHERE id = $1 FOR NO KEY UPDATE', [appointment]);
    return row?.revision ?? null;
  }

  async noteFailure(tx: Tx, { appointment, host, revision, reason }: { readonly appointment: AppointmentId; readonly host: PracticeId; readonly revision: number; readonly reason: string }): Promise<void> {
    await tx.execute(
      `INSERT INTO reminder_failure (appointment_id, practice_id, revision, reason, told_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (appointment_id) DO UPDATE SET revision = excluded.revision, reason = excluded.reason, told_at = excluded.told_at`,
      [appointment, host, revision, reason, toDate(tx.now)]);
  }

  async forgetFailure(tx: Tx, appointment: AppointmentId, revision: number): Promise<boolean> {
    return (await tx.execute('DELETE FROM reminder_failure WHERE appointment_id = $1 AND revision = $2', [appointment, revision])) === 1;
  }

  async lift(tx: Tx, appointment: AppointmentId, because: string): Promise<Mark[]> {
    return (await tx.query<MarkRow>(`UPDATE patient_mark SET lifted_at = $2, lifted_because = $3 WHERE appointment_id = $1 AND kind = 'no-show' AND undone_at IS NULL AND lifted_at IS NULL RETURNING *`, [appointment, toDate(tx.now), because])).map(toMark);
  }

  async unlift(tx: Tx, appointment: AppointmentId): Promise<Mark[]> {
    return (await tx.query<MarkRow>(`UPDATE patient_mark SET lifted_at = NULL, lifted_because = NULL WHERE appointment_id = $1 AND kind = 'no-show' AND undone_at IS NULL AND lifted_at IS NOT NULL RETURNING *`, [appointment])).map(toMark);
  }

  async undoMissed(tx: Tx, appointment: AppointmentId): Promise<void> {
    await tx.execute(`UPDATE patient_mark SET undone_at = $2, undone_by = $3 WHERE appointment_id = $1 AND kind = 'no-show' AND undone_at IS NULL`, [appointment, toDate(tx.now), tx.actor.subject]);
  }

  /** The newest first. */
  async list(sql: Sql, practice: PracticeId, patient: PatientId, by: { readonly after: string | null; readonly limit: number }): Promise<Mark[]> {
    const rows = await sql.query<MarkRow>(
      `SELECT * FROM patient_mark m WHERE practice_id = $1 AND patient_id = $2 AND ($3::uuid IS NULL OR (marked_at, id) < (SELECT o.marked_at, o.id FROM patient_mark o WHERE o.id = $3)) ORDER BY marked_at DESC, id DESC LIMIT $4`,
      [practice, patient, by.after, by.limit]);
    return rows.map(toMark);
  }

  async ofVisit(sql: Sql, practice: PracticeId, appointment: AppointmentId): Promise<Mark[]> {
    return (await sql.query<MarkRow>('SELECT * FROM patient_mark WHERE practice_id = $1 AND appointment_id = $2 ORDER BY marked_at, id', [practice, appointment])).map(toMark);
  }

  async lock(sql: Sql, practice: PracticeId, patient: PatientId, id: string): Promise<Mark | null> {
    const [row] = await sql.query<MarkRow>('SELECT * FROM patient_mark WHERE id = $1 AND practice_id = $2 AND patient_id = $3 FOR NO KEY UPDATE', [id, practice, patient]);
    return row ? toMark(row) : null;
  }

  async excuse(tx: Tx, mark: Mark, sealed: string): Promise<Mark> {
    const [row] = await tx.query<MarkRow>('UPDATE patient_mark SET excused_at = $2, excused_by = $3, sealed_excuse = $4 WHERE id = $1 RETURNING *', [mark.id, toDate(tx.now), tx.actor.subject, sealed]);
    if (!row) throw new Error('a locked mark is gone');
    return toMark(row);
  }

  /** How many count: neither undone nor excused nor lifted, made in the days before `now`. */
  async count(sql: Sql, practice: PracticeId, patient: PatientId, withinDays: number, now: Instant): Promise<number> {
    const [row] = await sql.query<{ marks: number }>(
      'SELECT count(*)::int AS marks FROM patient_mark WHERE practice_id = $1 AND patient_id = $2 AND undone_at IS NULL AND excused_at IS NULL AND lifted_at IS NULL AND marked_at > $3', [practice, patient, new Date(now - withinDays * DAY)]);
    return row?.marks ?? 0;
  }
}

/** An answer to a text comes by a worker, and is the patient's. */
const byWhom = ({ actor: { kind, subject } }: Tx): string => (kind === 'patient' || subject.startsWith('worker:') ? 'patient' : subject);
const toMark = (row: MarkRow): Mark => ({
  id: row.id, patient: row.patient_id, appointment: row.appointment_id, kind: row.kind, start: instantOfDate(row.starts_at), zone: row.zone, markedAt: instantOfDate(row.marked_at), undoneAt: instantOrNull(row.undone_at),
  excusedAt: instantOrNull(row.excused_at), excusedBy: row.excused_by, sealedExcuse: row.sealed_excuse, liftedAt: instantOrNull(row.lifted_at), liftedBecause: row.lifted_because,
});
