import { Injectable } from '@nestjs/common';
import { type Instant, type PersonId, type TimeRange, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';

@Injectable()
export class ConfidentialVisitsRepository {
  /** When a person has confidential visits, at whatever practice: for workers, who read them all. */
  async timesOf(sql: Sql, person: PersonId, from: Instant): Promise<TimeRange[]> {
    const rows = await sql.query<{ starts_at: Date; ends_at: Date }>(
      `SELECT a.starts_at, a.ends_at FROM appointment a JOIN person_time t ON t.appointment_id = a.id AND t.active WHERE a.person_id = $1 AND a.confidential AND a.ends_at > $2`, [person, toDate(from)]);
    return rows.map((row) => ({ start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at) }));
  }
}
