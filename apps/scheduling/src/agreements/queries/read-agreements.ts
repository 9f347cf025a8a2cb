import { type AgreementId, type LocalDate, type PartnershipId, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { ShareRule } from '../domain/share-rule';
import { shareRules } from '../persistence/share-rule.schema';

interface Row {
  id: AgreementId; partnership_id: PartnershipId; version: number; status: string; practices: PracticeId[]; effective_from: Date; effective_to: Date | null; blackout_dates: LocalDate[]; rules: unknown;
}
export interface AgreementView {
  readonly id: AgreementId; readonly partnership: PartnershipId; readonly version: number; readonly status: string; readonly practices: readonly PracticeId[];
  readonly effectiveFrom: string; readonly effectiveTo: string | null; readonly blackoutDates: readonly LocalDate[]; readonly rules: readonly ShareRule[];
}
const SELECT = 'SELECT id, partnership_id, version, status, practices, effective_from, effective_to, blackout_dates::text[] AS blackout_dates, rules FROM agreement';

export const listAgreements = async (sql: Sql, after: string | null, limit: number): Promise<AgreementView[]> =>
  (await sql.query<Row>(`${SELECT} WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`, [after, limit])).map(viewOf);

export async function findAgreement(sql: Sql, id: AgreementId): Promise<AgreementView | null> {
  const [row] = await sql.query<Row>(`${SELECT} WHERE id = $1`, [id]);
  return row ? viewOf(row) : null;
}

const viewOf = (row: Row): AgreementView => ({
  id: row.id, partnership: row.partnership_id, version: row.version, status: row.status, practices: row.practices, effectiveFrom: formatInstant(instantOfDate(row.effective_from)),
  effectiveTo: row.effective_to && formatInstant(instantOfDate(row.effective_to)), blackoutDates: row.blackout_dates, rules: shareRules.parse(row.rules),
});
