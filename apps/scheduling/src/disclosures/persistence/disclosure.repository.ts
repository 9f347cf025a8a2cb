import { Injectable } from '@nestjs/common';
import { type AgreementId, type Instant, type PatientId, type PracticeId, type Zone, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Because, DisclosedProfile, Disclosure } from '../disclosure';

export interface DisclosurePlace {
  readonly at: Instant;
  readonly id: string;
}
export interface DisclosureFilter {
  readonly patient?: PatientId;
  readonly to?: PracticeId | undefined;
  readonly range?: { readonly from: Instant; readonly to: Instant };
  readonly after: DisclosurePlace | null;
  readonly limit: number;
}
interface Row { id: string; at: Date; zone: Zone; patient_id: PatientId; to_practice_id: PracticeId; to_name: string | null; purpose: string; profile: DisclosedProfile; agreement_id: AgreementId | null; because_kind: Because['kind'] | null; because_id: string | null }

/** What the tenant gave to partners about its patients. Rows are never changed. */
@Injectable()
export class DisclosureRepository {
  async list(sql: Sql, practice: PracticeId, { patient, to, range, after, limit }: DisclosureFilter): Promise<Disclosure[]> {
    const rows = await sql.query<Row>(
      `SELECT d.*, p.zone, t.name AS to_name FROM disclosure d JOIN practice p ON p.id = d.practice_id LEFT JOIN practice t ON t.id = d.to_practice_id
       WHERE d.practice_id = $1 AND ($2::uuid IS NULL OR d.patient_id = $2) AND ($3::text IS NULL OR d.to_practice_id = $3) AND ($4::timestamptz IS NULL OR d.at >= $4) AND ($5::timestamptz IS NULL OR d.at < $5)
         AND ($6::timestamptz IS NULL OR (d.at, d.id) > ($6, $7::uuid)) ORDER BY d.at, d.id LIMIT $8`,
      [practice, patient ?? null, to ?? null, range ? toDate(range.from) : null, range ? toDate(range.to) : null, after ? toDate(after.at) : null, after?.id ?? null, limit]);
    return rows.map((row) => ({
      id: row.id, at: instantOfDate(row.at), zone: row.zone, patient: row.patient_id, to: row.to_practice_id, toName: row.to_name, purpose: row.purpose, profile: row.profile, agreement: row.agreement_id,
      because: row.because_kind === null ? null : { kind: row.because_kind, id: row.because_id },
    }));
  }
}
