import { Injectable } from '@nestjs/common';
import { type AgreementId, DAY, type Instant, type LocalDate, type PracticeId, instantOfDate, plusMs } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { timeSharedUntil } from '../../disclosures/domain/data-sharing';
import { dataSharingTerms } from '../../disclosures/persistence/data-sharing.schema';
import { staffAccessTerms } from '../../staff-access/staff-access.schema';
import type { Agreement, PartyStanding } from '../domain/share-rule';
import { shareRules } from './share-rule.schema';

interface AgreementRow {
  id: AgreementId;
  version: number;
  practices: PracticeId[];
  effective_from: Date;
  effective_to: Date | null;
  blackout_dates: LocalDate[];
  rules: unknown;
  neighbours: PracticeId[][] | null;
  data_sharing: unknown;
  staff_access: unknown;
  /** Null: published time of a practice without staff, which needs no papers. `papers`: the last date on which all three kinds hold. */
  standings: { practice: PracticeId; leaves: string | null; papers: LocalDate | null }[] | null;
}
// Why by the names of the version: a practice that has left is not seen any more, and that it left has to be.
const STANDINGS = `SELECT jsonb_agg(jsonb_build_object('practice', party.id,
    'leaves', (SELECT max(e.exit_at) FROM exit_plan e WHERE e.practice_id = party.id AND e.exit_at > v.effective_from),
    'papers', (SELECT CASE WHEN count(*) = 3 THEN min(k.until) END FROM (SELECT max(d.expires_on) AS until FROM member_document d WHERE d.practice_id = party.id AND d.withdrawn_at IS NULL GROUP BY d.kind) k)))
  FROM unnest(v.practices) AS party (id) LEFT JOIN practice p ON p.id = party.id HAVING bool_and(coalesce(p.staffed, true))`;

@Injectable()
export class AgreementRepository {
  /** Versions that a practice is a party of and that are, were or will be in force; whether one is now is the pure function's to say. */
  async of(sql: Sql, practice: PracticeId): Promise<Agreement[]> {
    const rows = await sql.query<AgreementRow>(
      `SELECT agreement_id AS id, version, practices, effective_from, effective_to, terms->'blackoutDates' AS blackout_dates, terms->'rules' AS rules, terms->'neighbours' AS neighbours, terms->'dataSharing' AS data_sharing, terms->'staffAccess' AS staff_access, (${STANDINGS}) AS standings FROM agreement_version v
       WHERE status IN ('approved', 'in-force', 'superseded', 'terminated') AND (effective_to IS NULL OR effective_to > effective_from) AND $1 = ANY (practices) ORDER BY agreement_id, version`, [practice]);
    return rows.map((row) => ({
      id: row.id, version: row.version, practices: row.practices, from: instantOfDate(row.effective_from), until: row.effective_to ? instantOfDate(row.effective_to) : null,
      staffAccess: staffAccessTerms.nullable().parse(row.staff_access) ?? [], blackoutDates: row.blackout_dates, neighbours: row.neighbours ?? [], rules: shareRules.parse(row.rules), dataSharedUntil: timeSharedUntil(dataSharingTerms.nullable().parse(row.data_sharing)), standings: Object.fromEntries((row.standings ?? []).map((standing) => [standing.practice, standingOf(standing)])),
    }));
  }
}

/** A paper holds to the end of its last date in UTC. */
const standingOf = ({ leaves, papers }: { readonly leaves: string | null; readonly papers: LocalDate | null }): PartyStanding => ({
  leavesAt: leaves === null ? null : instantOfDate(new Date(leaves)), papersUntil: papers === null ? (0 as Instant) : plusMs(instantOfDate(new Date(`${papers}T00:00:00Z`)), DAY),
});
