import { Injectable } from '@nestjs/common';
import { practiceId, serviceCode } from '@slotmesh/contracts';
import { DAY, HOUR, type Instant, type PracticeId, type ServiceCode, type VisitTypeId, instantOfDate, instantOrNull, plusMs, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';

export interface EmptySearches {
  readonly practice: PracticeId;
  readonly service: ServiceCode;
  readonly hour: Instant;
  readonly searches: number;
}

@Injectable()
export class EmptySearchRepository {
  /** Counts one search for a service, or for the service of a visit type; one that nobody knows counts nowhere. */
  async count(sql: Sql, practice: PracticeId, { service, visitType }: { readonly service?: ServiceCode | undefined; readonly visitType?: VisitTypeId | undefined }, now: Instant): Promise<void> {
    const hour = plusMs(now, -(now % HOUR));
    // Why twice: a search that began in an hour whose count is told by now counts in the one that runs.
    for (const at of [hour, plusMs(hour, HOUR)]) {
      const counted = await sql.execute(
        `INSERT INTO empty_search AS e (practice_id, service_code, hour, searches) SELECT $1, code, $4, 1 FROM service WHERE code = coalesce($2::text, (SELECT v.service_code FROM visit_type v WHERE v.id = $3::uuid))
         ON CONFLICT (practice_id, service_code, hour) DO UPDATE SET searches = e.searches + 1 WHERE NOT e.told`, [practice, service ?? null, visitType ?? null, toDate(at)]);
      if (counted > 0) return;
    }
  }

  /** Hours that are over, marked as told. Those that a search still counts in come the next time. */
  async tell(sql: Sql, now: Instant, limit: number): Promise<EmptySearches[]> {
    const rows = await sql.query<{ practice_id: string; service_code: string; hour: Date; searches: number }>(
      `UPDATE empty_search e SET told = true FROM (SELECT practice_id, service_code, hour FROM empty_search WHERE NOT told AND hour <= $1 ORDER BY hour, practice_id, service_code LIMIT $2 FOR UPDATE SKIP LOCKED) due
       WHERE e.practice_id = due.practice_id AND e.service_code = due.service_code AND e.hour = due.hour RETURNING e.practice_id, e.service_code, e.hour, e.searches`, [toDate(plusMs(now, -HOUR)), limit]);
    return rows.map((row) => ({ practice: practiceId.parse(row.practice_id), service: serviceCode.parse(row.service_code), hour: instantOfDate(row.hour), searches: row.searches }));
  }

  async forget(sql: Sql, now: Instant): Promise<void> {
    await sql.execute('DELETE FROM empty_search WHERE told AND hour < $1', [toDate(plusMs(now, -DAY))]);
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const [row] = await sql.query<{ hour: Date | null }>('SELECT min(hour) AS hour FROM empty_search WHERE NOT told');
    const hour = instantOrNull(row?.hour);
    return hour === null ? null : plusMs(hour, HOUR);
  }
}
