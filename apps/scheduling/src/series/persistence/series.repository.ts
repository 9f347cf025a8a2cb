import { Injectable } from '@nestjs/common';
import { type AgreementId, type Instant, type PracticeId, type SeriesId, type Zone, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';

/** What a rule repeats. Its visits are appointments. */
export interface Series {
  readonly id: SeriesId;
  readonly host: PracticeId;
  readonly booking: PracticeId;
  readonly agreement: AgreementId | null;
  /** As it was booked, RFC 5545. */
  readonly rule: string;
  /** The site's. */
  readonly zone: Zone;
  readonly bookedAt: Instant;
  readonly bookedBy: string;
}
interface SeriesRow { id: SeriesId; host_id: PracticeId; booking_id: PracticeId; agreement_id: AgreementId | null; rule: string; zone: Zone; booked_at: Date; booked_by: string }

@Injectable()
export class SeriesRepository {
  async insert(tx: Tx, series: Series): Promise<void> {
    await tx.execute(`INSERT INTO series (id, host_id, booking_id, agreement_id, rule, zone, booked_at, booked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [series.id, series.host, series.booking, series.agreement, series.rule, series.zone, toDate(series.bookedAt), series.bookedBy]);
  }

  async find(sql: Sql, id: SeriesId): Promise<Series | null> {
    const [row] = await sql.query<SeriesRow>(`SELECT * FROM series WHERE id = $1`, [id]);
    return row ? { id: row.id, host: row.host_id, booking: row.booking_id, agreement: row.agreement_id, rule: row.rule, zone: row.zone, bookedAt: instantOfDate(row.booked_at), bookedBy: row.booked_by } : null;
  }
}
