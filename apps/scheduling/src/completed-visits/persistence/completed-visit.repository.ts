import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type PatientId, type PracticeId, type ProviderId, type SiteId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { CompletedVisit } from '../completed-visit';

/** Null: whatever it is. `from` inclusive, `to` exclusive, by the visit's start. */
export interface CompletedVisitSearch {
  readonly id?: AppointmentId | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly patient?: PatientId | null;
  readonly provider?: ProviderId | null;
  readonly site?: SiteId | null;
}
export interface VisitPlace { readonly start: Instant; readonly id: string }

/** The record number as it lies there: sealed, with the key of its patient, wrapped. */
export interface SealedVisit extends Omit<CompletedVisit, 'recordNumber'> {
  readonly wrappedKey: string | null;
  readonly sealedRecordNumber: string | null;
}
type Row = Omit<SealedVisit, 'start' | 'end'> & { readonly starts_at: Date; readonly ends_at: Date };

@Injectable()
export class CompletedVisitRepository {
  /** Of one host, by start. */
  async list(sql: Sql, host: PracticeId, by: CompletedVisitSearch, page: { readonly after: VisitPlace | null; readonly limit: number }): Promise<SealedVisit[]> {
    const rows = await sql.query<Row>(
      `SELECT a.id, a.version, a.host_id AS host, a.patient_id AS patient, p.wrapped_key AS "wrappedKey", p.record_number AS "sealedRecordNumber", p.payer, a.starts_at, a.ends_at, a.zone, a.service_code AS service,
         a.visit_type_id AS "visitType", v.name AS "visitTypeName", a.modality, a.provider_id AS provider, d.name AS "providerName", a.site_id AS site, s.name AS "siteName", a.referral_id AS referral, a.confidential
       FROM appointment a JOIN patient p ON p.id = a.patient_id JOIN visit_type v ON v.id = a.visit_type_id JOIN provider d ON d.id = a.provider_id JOIN site s ON s.id = a.site_id
       WHERE a.host_id = $1 AND a.status = 'fulfilled' AND ($2::uuid IS NULL OR a.id = $2) AND ($3::timestamptz IS NULL OR a.starts_at >= $3) AND ($4::timestamptz IS NULL OR a.starts_at < $4) AND ($5::uuid IS NULL OR a.patient_id = $5)
         AND ($6::uuid IS NULL OR a.provider_id = $6) AND ($7::uuid IS NULL OR a.site_id = $7) AND ($8::timestamptz IS NULL OR (a.starts_at, a.id) > ($8, $9::uuid)) ORDER BY a.starts_at, a.id LIMIT $10`,
      [host, by.id ?? null, date(by.from), date(by.to), by.patient ?? null, by.provider ?? null, by.site ?? null, date(page.after?.start ?? null), page.after?.id ?? null, page.limit]);
    return rows.map(({ starts_at, ends_at, ...row }) => ({ ...row, start: instantOfDate(starts_at), end: instantOfDate(ends_at) }));
  }
}

const date = (at: Instant | null): Date | null => (at === null ? null : toDate(at));
