import { Injectable } from '@nestjs/common';
import { type AppointmentSnapshot, appointmentStatus, participation, practiceId, serviceCode, zone } from '@slotmesh/contracts';
import { type AppointmentId, type Instant, type PatientId, type PracticeId, type VisitTypeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { EarlierVisit } from '../../plans/domain/risk';

const uuid = <T extends string>() => z.string().transform((text) => text as T);
const date = z.date().transform(instantOfDate);
const row = z.object({
  id: uuid<AppointmentId>(), revision: z.number(), status: appointmentStatus, participation, host: practiceId, booking: practiceId,
  patient_id: uuid<PatientId>(), service: serviceCode, start_at: date, end_at: date, zone, revised_at: date, visit_type: uuid<VisitTypeId>().nullable(), confidential: z.boolean(),
}).transform(({ patient_id, start_at, end_at, revised_at, visit_type, ...rest }) => ({ ...rest, patient: patient_id, visitType: visit_type, start: start_at, end: end_at, revisedAt: revised_at, confirmed: rest.participation === 'accepted' }));
/** What reminders keeps of an appointment. */
export type KnownAppointment = z.output<typeof row>;
const coming = z.object({ id: uuid<AppointmentId>(), host: practiceId, status: appointmentStatus, service: serviceCode, visit_type: z.string().nullable(), start_at: date, zone })
  .transform(({ start_at, visit_type, ...rest }) => ({ ...rest, start: start_at, visitType: visit_type }));
export type VisitOfPatient = z.output<typeof coming>;

const COLUMNS = 'id, revision, status, participation, host, booking, patient_id, service, start_at, end_at, zone, revised_at, visit_type, confidential';
const endedRow = z.object({ patient_id: z.string(), host: practiceId, status: z.enum(['fulfilled', 'noshow']), start_at: date });
/** Beyond so many visits that have ended, older ones say nothing of a risk. */
const KEPT_ENDED = 100;

@Injectable()
export class AppointmentRepository {
  /** Held until the end of the transaction. */
  async lock(tx: Tx, id: AppointmentId): Promise<KnownAppointment | null> {
    const [found] = await tx.query(`SELECT ${COLUMNS} FROM appointment WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    return found ? row.parse(found) : null;
  }

  /** Visits of a patient that are still to come, held in id order. */
  async lockComingOf(tx: Tx, patient: PatientId, now: Instant): Promise<KnownAppointment[]> {
    const found = await tx.query(`SELECT ${COLUMNS} FROM appointment WHERE patient_id = $1 AND status = 'booked' AND start_at > $2 ORDER BY id FOR NO KEY UPDATE`, [patient, formatInstant(now)]);
    return found.map((one) => row.parse(one));
  }

  /** Ids of booked visits to come at some hosts, in the order in which they are locked. */
  async comingAt(tx: Tx, hosts: readonly string[], now: Instant): Promise<AppointmentId[]> {
    return (await tx.query<{ id: AppointmentId }>(`SELECT id FROM appointment WHERE host = ANY ($1::text[]) AND status = 'booked' AND start_at > $2 ORDER BY id`, [hosts, formatInstant(now)])).map(({ id }) => id);
  }

  /** Of a patient, as far as one who may book by it has to know. */
  async comingOf(tx: Tx, patient: PatientId, now: Instant): Promise<VisitOfPatient[]> {
    const found = await tx.query(`SELECT id, host, status, service, visit_type, start_at, zone FROM appointment WHERE patient_id = $1 AND status = 'booked' AND start_at > $2 ORDER BY start_at, id`, [patient, formatInstant(now)]);
    return found.map((one) => coming.parse(one));
  }

  async find(tx: Tx, ids: readonly string[]): Promise<Map<string, KnownAppointment>> {
    const found = await tx.query(`SELECT ${COLUMNS} FROM appointment WHERE id = ANY($1::uuid[])`, [ids]);
    return new Map(found.map((one) => row.parse(one)).map((one) => [one.id, one]));
  }

  /** Visits that took place or were missed, by patient; a patient's record belongs to one practice, its host. */
  async endedOf(tx: Tx, patients: readonly PatientId[]): Promise<Map<string, (EarlierVisit & { readonly host: PracticeId })[]>> {
    const found = new Map<string, (EarlierVisit & { readonly host: PracticeId })[]>();
    if (patients.length === 0) return found;
    const rows = await tx.query(
      `SELECT a.patient_id, a.host, a.status, a.start_at FROM unnest($1::uuid[]) AS p(id)
       CROSS JOIN LATERAL (SELECT patient_id, host, status, start_at FROM appointment WHERE patient_id = p.id AND status IN ('fulfilled', 'noshow') ORDER BY start_at DESC LIMIT $2) a`,
      [[...new Set(patients)], KEPT_ENDED],
    );
    for (const row of rows) {
      const { patient_id, host, status, start_at } = endedRow.parse(row);
      found.set(patient_id, [...(found.get(patient_id) ?? []), { host, outcome: status, start: start_at }]);
    }
    return found;
  }

  async save(tx: Tx, a: AppointmentSnapshot, revisedAt: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO appointment (id, revision, status, participation, host, booking, patient_id, service, start_at, end_at, zone, revised_at, visit_type, confidential)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, status = excluded.status, participation = excluded.participation, patient_id = excluded.patient_id,
         service = excluded.service, start_at = excluded.start_at, end_at = excluded.end_at, zone = excluded.zone, revised_at = excluded.revised_at, visit_type = excluded.visit_type,
         confidential = excluded.confidential`,
      [a.id, a.revision, a.status, a.participation, a.host, a.booking, a.patient, a.service, formatInstant(a.start), formatInstant(a.end), a.zone, formatInstant(revisedAt), a.visitType, a.confidential ?? false],
    );
  }
}
