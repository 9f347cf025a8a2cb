import { Injectable } from '@nestjs/common';
import { type AgreementId, type EmergencyAccessId, type Instant, type PatientId, type PracticeId, instantOfDate, nameFor, neutralSite, instantOrNull, toDate } from '@slotmesh/kernel';
import type { Language, Need } from '@slotmesh/contracts';
import type { Sql } from '@slotmesh/persistence';
import type { EmergencyAccess } from '../domain/emergency-access';

interface Row {
  id: EmergencyAccessId; practice_id: PracticeId; host_id: PracticeId; agreement_id: AgreementId; patient_id: PatientId; begun_by: string; begun_at: Date; ends_at: Date; ended_at: Date | null; ended_by: string | null; uses: number; last_used_at: Date | null;
  reason_for_practice: string; reason_for_host: string; acknowledged_at: Date | null; acknowledged_by: string | null; sealed_acknowledgement: string | null; waits: boolean;
}
/** Still sealed; each practice opens what is sealed for it. */
export interface SealedAccess extends EmergencyAccess {
  readonly reasonForPractice: string;
  readonly reasonForHost: string;
  readonly acknowledgement: string | null;
  /** The reader's practice has yet to acknowledge it. */
  readonly waits: boolean;
}
export interface SealedPatient { id: PatientId; practice_id: PracticeId; wrapped_key: string; practice_key: string; given_name: string; family_name: string; birth_date: string; phone: string | null; language: Language; needs: Need[] }
export interface ListPlace { readonly waits: boolean; readonly begunAt: Instant; readonly id: string }

@Injectable()
export class EmergencyAccessRepository {
  /** An agreement in force between the two, inside one partnership. */
  async agreementBetween(sql: Sql, host: PracticeId, practice: PracticeId, at: Instant): Promise<AgreementId | null> {
    const [row] = await sql.query<{ id: AgreementId }>(
      `SELECT a.id FROM agreement a JOIN membership h ON h.partnership_id = a.partnership_id AND h.practice_id = $1 JOIN membership m ON m.partnership_id = a.partnership_id AND m.practice_id = $2 WHERE agreement_in_force(a.id, $1, $2, $3) ORDER BY a.id LIMIT 1`, [host, practice, toDate(at)]);
    return row?.id ?? null;
  }

  async patientOf(sql: Sql, host: PracticeId, agreement: AgreementId, at: Instant, name: string, birthDate: string): Promise<PatientId | null> {
    return (await sql.query<{ id: PatientId | null }>('SELECT emergency_patient_of($1, $2, $3, $4, $5) AS id', [host, agreement, toDate(at), name, birthDate]))[0]?.id ?? null;
  }

  async hostKey(sql: Sql, host: PracticeId, agreement: AgreementId, at: Instant): Promise<string | null> {
    return (await sql.query<{ key: string | null }>(`SELECT host_key($1, $2, $3, 'booking') AS key`, [host, agreement, toDate(at)]))[0]?.key ?? null;
  }

  async add(sql: Sql, access: EmergencyAccess, reason: { readonly forPractice: string; readonly forHost: string }): Promise<void> {
    await sql.execute(`INSERT INTO emergency_access (id, practice_id, host_id, agreement_id, patient_id, begun_by, begun_at, ends_at, reason_for_practice, reason_for_host) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [access.id, access.practice, access.host, access.agreement, access.patient, access.by, toDate(access.begunAt), toDate(access.endsAt), reason.forPractice, reason.forHost]);
  }

  /** Locked. Null: there is none, or `party` is neither of the two; of a sweep `party` is null. */
  async lock(sql: Sql, id: EmergencyAccessId, party: PracticeId | null): Promise<EmergencyAccess | null> {
    const [row] = await sql.query<Row>(`SELECT * FROM emergency_access WHERE id = $1 AND ($2::text IS NULL OR $2 IN (practice_id, host_id)) FOR NO KEY UPDATE`, [id, party]);
    return row ? accessOf(row) : null;
  }

  /** What its host has yet to acknowledge first, then the newest. */
  async list(sql: Sql, reader: PracticeId, after: ListPlace | null, limit: number): Promise<SealedAccess[]> {
    const rows = await sql.query<Row>(
      `SELECT * FROM (SELECT e.*, e.host_id = $1 AND e.acknowledged_at IS NULL AS waits FROM emergency_access e WHERE $1 IN (e.practice_id, e.host_id)) AS e
       WHERE ($2::boolean IS NULL OR (waits, begun_at, id) < ($2, $3, $4::uuid)) ORDER BY waits DESC, begun_at DESC, id DESC LIMIT $5`, [reader, after?.waits ?? null, after === null ? null : toDate(after.begunAt), after?.id ?? null, limit]);
    return rows.map((row) => ({ ...accessOf(row), reasonForPractice: row.reason_for_practice, reasonForHost: row.reason_for_host, acknowledgement: row.sealed_acknowledgement, waits: row.waits }));
  }

  /** Null: it does not run any more, or is another person's; the function looks again. */
  async patient(sql: Sql, id: EmergencyAccessId, at: Instant): Promise<SealedPatient | null> {
    return (await sql.query<SealedPatient>('SELECT * FROM emergency_patient($1, $2)', [id, toDate(at)]))[0] ?? null;
  }

  /** Coming visits at the host, whose sites are those of another practice. */
  async visits(sql: Sql, id: EmergencyAccessId, at: Instant): Promise<{ readonly start: Instant; readonly zone: string; readonly site: string; readonly provider: string }[]> {
    const rows = await sql.query<{ starts_at: Date; zone: string; site: string; city: string; sensitive: boolean; provider: string }>('SELECT starts_at, zone, site, city, sensitive, provider FROM emergency_visits($1, $2)', [id, toDate(at)]);
    return rows.map(({ starts_at, zone, site, city, sensitive, provider }) => ({ start: instantOfDate(starts_at), zone, site: nameFor('elsewhere', { name: site, sensitive }, neutralSite(city)), provider }));
  }

  async use(sql: Sql, id: EmergencyAccessId, at: Instant): Promise<void> {
    await sql.execute('UPDATE emergency_access SET uses = uses + 1, last_used_at = $2 WHERE id = $1', [id, toDate(at)]);
  }

  async end(sql: Sql, id: EmergencyAccessId, at: Instant, by: string | null): Promise<void> {
    await sql.execute('UPDATE emergency_access SET ended_at = $2, ended_by = $3 WHERE id = $1', [id, toDate(at), by]);
  }

  async acknowledge(sql: Sql, id: EmergencyAccessId, at: Instant, by: string, sealed: string): Promise<void> {
    await sql.execute('UPDATE emergency_access SET acknowledged_at = $2, acknowledged_by = $3, sealed_acknowledgement = $4 WHERE id = $1', [id, toDate(at), by, sealed]);
  }

  async due(sql: Sql, now: Instant, limit: number): Promise<{ readonly id: EmergencyAccessId; readonly practice: PracticeId }[]> {
    return (await sql.query<{ id: EmergencyAccessId; practice_id: PracticeId }>('SELECT id, practice_id FROM emergency_access WHERE ended_at IS NULL AND ends_at <= $1 ORDER BY ends_at, id LIMIT $2', [toDate(now), limit])).map((row) => ({ id: row.id, practice: row.practice_id }));
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    return instantOrNull((await sql.query<{ at: Date | null }>('SELECT min(ends_at) AS at FROM emergency_access WHERE ended_at IS NULL'))[0]?.at);
  }
}

const accessOf = (row: Row): EmergencyAccess => ({
  id: row.id, practice: row.practice_id, host: row.host_id, agreement: row.agreement_id, patient: row.patient_id, by: row.begun_by, begunAt: instantOfDate(row.begun_at), endsAt: instantOfDate(row.ends_at), endedAt: instantOrNull(row.ended_at),
  endedBy: row.ended_by, uses: row.uses, lastUsedAt: instantOrNull(row.last_used_at), acknowledgedAt: instantOrNull(row.acknowledged_at), acknowledgedBy: row.acknowledged_by,
});
