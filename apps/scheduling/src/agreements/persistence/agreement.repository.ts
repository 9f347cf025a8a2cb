import { Injectable } from '@nestjs/common';
import { type AgreementId, type LocalDate, type PracticeId, instantOfDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Agreement } from '../domain/share-rule';
import { shareRules } from './share-rule.schema';

interface AgreementRow {
  id: AgreementId;
  version: number;
  practices: PracticeId[];
  effective_from: Date;
  effective_to: Date | null;
  blackout_dates: LocalDate[];
  rules: unknown;
}

@Injectable()
export class AgreementRepository {
  /** Versions that a practice is a party of and that are, were or will be in force; whether one is now is the pure function's to say. */
  async of(sql: Sql, practice: PracticeId): Promise<Agreement[]> {
    const rows = await sql.query<AgreementRow>(
      `SELECT agreement_id AS id, version, practices, effective_from, effective_to, terms->'blackoutDates' AS blackout_dates, terms->'rules' AS rules FROM agreement_version
       WHERE status IN ('approved', 'in-force', 'superseded', 'terminated') AND (effective_to IS NULL OR effective_to > effective_from) AND $1 = ANY (practices) ORDER BY agreement_id, version`, [practice]);
    return rows.map((row) => ({
      id: row.id, version: row.version, practices: row.practices, from: instantOfDate(row.effective_from), until: row.effective_to ? instantOfDate(row.effective_to) : null,
      blackoutDates: row.blackout_dates, rules: shareRules.parse(row.rules),
    }));
  }
}
