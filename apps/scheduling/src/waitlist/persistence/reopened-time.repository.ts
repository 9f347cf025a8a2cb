import { Injectable } from '@nestjs/common';
import { instantText } from '@slotmesh/contracts';
import { type Instant, type LocalDate, type PracticeId, type ProviderId, type SiteId, type TimeRange, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { Closure } from '../../availability/domain/working-hours';

const pieces = z.array(z.object({ start: instantText, end: instantText })).nullable();
/** Time that a closure shut, or in which hours were added, and that may be open now. */
export interface ReopenedTime {
  readonly id: string;
  readonly host: PracticeId;
  readonly site: SiteId | null;
  readonly provider: ProviderId | null;
  readonly closure: Closure;
  /** Only these of it; null: all. */
  readonly pieces: readonly TimeRange[] | null;
}
interface ReopenedRow { id: string; practice_id: PracticeId; site_id: SiteId | null; provider_id: ProviderId | null; from_date: LocalDate | null; to_date: LocalDate | null; from_at: Date | null; to_at: Date | null; pieces: unknown }

@Injectable()
export class ReopenedTimeRepository {
  async due(sql: Sql, now: Instant, limit: number): Promise<{ readonly id: string; readonly host: PracticeId }[]> {
    return (await sql.query<{ id: string; practice_id: PracticeId }>(`SELECT id, practice_id FROM reopened_time WHERE reopened_at <= $1 ORDER BY reopened_at, id LIMIT $2`, [toDate(now), limit])).map((row) => ({ id: row.id, host: row.practice_id }));
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const [row] = await sql.query<{ at: Date | null }>(`SELECT min(reopened_at) AS at FROM reopened_time`);
    return row?.at ? instantOfDate(row.at) : null;
  }

  /** Takes it out of the queue; null where another worker did. Whole with what the transaction makes of it. */
  async take(tx: Tx, id: string): Promise<ReopenedTime | null> {
    const [row] = await tx.query<ReopenedRow>(`DELETE FROM reopened_time WHERE id = $1 RETURNING id, practice_id, site_id, provider_id, from_date::text, to_date::text, from_at, to_at, pieces`, [id]);
    if (!row) return null;
    const days = row.from_date !== null && row.to_date !== null ? { firstDay: row.from_date, lastDay: row.to_date } : null;
    const during = row.from_at && row.to_at ? { start: instantOfDate(row.from_at), end: instantOfDate(row.to_at) } : null;
    const closure = days ?? (during && { during });
    if (closure === null) throw new TypeError('a closure is whole days or an exact time');
    return { id: row.id, host: row.practice_id, site: row.site_id, provider: row.provider_id, closure, pieces: pieces.parse(row.pieces) };
  }
}
