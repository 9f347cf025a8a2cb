import { Injectable } from '@nestjs/common';
import { agreementId } from '@slotmesh/contracts';
import { type AgreementId, type Instant, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { ReciprocityTerms } from '../domain/reciprocity';
import { reciprocityTerms } from '../reciprocity-terms.schema';

@Injectable()
export class ReciprocityTermsRepository {
  /** Agreements that the reader may see. */
  async agreements(sql: Sql, only: AgreementId | null): Promise<AgreementId[]> {
    const rows = await sql.query<{ id: string }>('SELECT id FROM agreement WHERE $1::uuid IS NULL OR id = $1 ORDER BY id', [only]);
    return rows.map(({ id }) => agreementId.parse(id));
  }

  /** What the versions that are in force now say; an agreement that says nothing of it is left out. */
  async inForce(sql: Sql, only: AgreementId | null, now: Instant): Promise<{ readonly id: AgreementId; readonly terms: ReciprocityTerms }[]> {
    const rows = await sql.query<{ agreement_id: string; reciprocity: unknown }>(
      `SELECT agreement_id, terms->'reciprocity' AS reciprocity FROM agreement_version WHERE status IN ('approved', 'in-force', 'superseded', 'terminated') AND effective_from <= $2 AND (effective_to IS NULL OR effective_to > $2)
         AND terms->'reciprocity' IS NOT NULL AND ($1::uuid IS NULL OR agreement_id = $1) ORDER BY agreement_id`, [only, toDate(now)]);
    return rows.map((row) => ({ id: agreementId.parse(row.agreement_id), terms: reciprocityTerms.parse(row.reciprocity) }));
  }
}
