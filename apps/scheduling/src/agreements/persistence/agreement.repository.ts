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
  /** Approved versions that a practice is a member of; whether one is in force is the pure function's to say. */
  async of(sql: Sql, practice: PracticeId): Promise<Agreement[]> {
    const rows = await sql.query<AgreementRow>(
      `SELECT id, version, practices, effective_from, effective_to, blackout_dates::text[] AS blackout_dates, rules FROM agreement WHERE status = 'in-force' AND $1 = ANY (practices) ORDER BY id`, [practice]);
    return rows.map((row) => ({
      id: row.id, version: row.version, practices: row.practices, from: instantOfDate(row.effective_from), until: row.effective_to ? instantOfDate(row.effective_to) : null,
      blackoutDates: row.blackout_dates, neighbours: [], rules: shareRules.parse(row.rules),
    }));
  }
}
