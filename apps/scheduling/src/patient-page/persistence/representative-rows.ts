import type { LocalDate, PatientId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Represents } from '../domain/page-rights';

interface Row { relation: string; may: string[]; valid_from: LocalDate; valid_to: LocalDate | null }

/** What the practice recorded about a representative, without who it is. Null: removed, or another patient's. */
export async function findRepresents(sql: Sql, patient: PatientId, id: string): Promise<Represents | null> {
  const [row] = await sql.query<Row>('SELECT relation, may, valid_from::text, valid_to::text FROM representative WHERE id = $1 AND patient_id = $2', [id, patient]);
  return row ? { relation: row.relation, may: row.may, validFrom: row.valid_from, validTo: row.valid_to } : null;
}
