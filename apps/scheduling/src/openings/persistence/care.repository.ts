import { Injectable } from '@nestjs/common';
import type { PatientId, PracticeId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { PatientUnknown } from '../../patients/patient.errors';
import { type HelpfulResource, type PatientNeeds, type VisitNeed, visitNeeds } from '../domain/care';

/** What patients need, and what practices keep for it, as far as the tenant may see (row-level security). */
@Injectable()
export class CareRepository {
  /** Of the first of the records that the tenant may read; null: nothing that takes time or resources. */
  async needsOf(sql: Sql, ...patients: readonly (PatientId | null)[]): Promise<PatientNeeds | null> {
    const [row] = await sql.query<{ needs: string[]; language: string }>(`SELECT needs, language FROM patient WHERE id = ANY ($1::uuid[]) ORDER BY array_position($1::uuid[], id) LIMIT 1`, [patients.filter((id) => id !== null)]);
    return row ? needsIn(row) : null;
  }

  /** Of the practice's own patient. Throws PatientUnknown. */
  async needsOfOwn(sql: Sql, practice: PracticeId, patient: PatientId): Promise<PatientNeeds | null> {
    const [row] = await sql.query<{ needs: string[]; language: string }>(`SELECT needs, language FROM patient WHERE id = $1 AND practice_id = $2`, [patient, practice]);
    if (!row) throw new PatientUnknown();
    return needsIn(row);
  }

  async helpful(sql: Sql, practices: readonly PracticeId[]): Promise<HelpfulResource[]> {
    return sql.query<HelpfulResource>(
      `SELECT practice_id AS practice, site_id AS site, kind, capabilities FROM resource
       WHERE practice_id = ANY ($1::text[]) AND active AND (kind = 'interpreter' OR (kind = 'room' AND 'wheelchair' = ANY (capabilities)))`, [[...new Set(practices)]]);
  }
}

/** Null: nothing that takes time or resources. */
export function needsIn(row: { readonly needs: readonly string[]; readonly language: string }): PatientNeeds | null {
  const needs = visitNeeds.filter((need): need is VisitNeed => row.needs.includes(need));
  return needs.length === 0 ? null : { needs, language: row.language };
}
