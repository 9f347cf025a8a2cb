import { Injectable } from '@nestjs/common';
import { type Instant, type RecallId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { Recall } from '../domain/recall';

/** The next message of a recall. Callers hold the recall, so the timer is changed by one at a time. */
@Injectable()
export class RecallTimerRepository {
  async set(tx: Tx, recall: Pick<Recall, 'id' | 'practice'>, fireAt: Instant): Promise<void> {
    await tx.execute('INSERT INTO recall_timer (recall_id, practice, fire_at) VALUES ($1, $2, $3) ON CONFLICT (recall_id) DO UPDATE SET fire_at = excluded.fire_at', [recall.id, recall.practice, formatInstant(fireAt)]);
  }

  async clear(tx: Tx, recall: RecallId): Promise<void> {
    await tx.execute('DELETE FROM recall_timer WHERE recall_id = $1', [recall]);
  }

  /** Ids only: whoever takes them holds the recall first. */
  async due(tx: Tx, limit: number): Promise<string[]> {
    return (await tx.query<{ recall_id: string }>('SELECT recall_id FROM recall_timer WHERE fire_at <= $1 ORDER BY fire_at, recall_id LIMIT $2', [formatInstant(tx.now), limit])).map((found) => found.recall_id);
  }

  /** Those of the given recalls that are still due; they are gone then. With when each was due. */
  async take(tx: Tx, recalls: readonly RecallId[]): Promise<Map<string, Instant>> {
    const taken = await tx.query<{ recall_id: string; fire_at: Date }>('DELETE FROM recall_timer WHERE recall_id = ANY ($1::uuid[]) AND fire_at <= $2 RETURNING recall_id, fire_at', [recalls, formatInstant(tx.now)]);
    return new Map(taken.map((found) => [found.recall_id, instantOfDate(found.fire_at)]));
  }

  async of(sql: Sql, recall: RecallId): Promise<Instant | null> {
    const [found] = await sql.query<{ fire_at: Date }>('SELECT fire_at FROM recall_timer WHERE recall_id = $1', [recall]);
    return found ? instantOfDate(found.fire_at) : null;
  }

  async state(sql: Sql, now: Instant): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
    const [found] = await sql.query<{ now: boolean; next: Date | null }>('SELECT EXISTS (SELECT FROM recall_timer WHERE fire_at <= $1) AS now, (SELECT min(fire_at) FROM recall_timer WHERE fire_at > $1) AS next', [formatInstant(now)]);
    return { dueNow: found?.now ?? false, nextDue: found?.next ? instantOfDate(found.next) : null };
  }
}
