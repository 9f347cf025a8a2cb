import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Change } from '../domain/change-stream';

interface Row { readonly practice_id: PracticeId; readonly number: string; readonly type: string; readonly entity_id: string; readonly at: Date }
const changeOf = (row: Row): Change => ({ number: Number(row.number), type: row.type, id: row.entity_id, at: instantOfDate(row.at) });

@Injectable()
export class ChangeRepository {
  /** Numbers what these practices' transactions have left behind their last number. Until then a change is not told: nobody pays for numbers while nobody listens. */
  async number(tx: Tx, practices: readonly PracticeId[]): Promise<void> {
    await tx.query('SELECT number_changes($1::text[])', [practices]);
  }

  /** The newest number of a practice, 0 where nothing ever changed, and the oldest that is still kept. */
  async head(tx: Tx, practice: PracticeId): Promise<{ last: number; oldest: number | null }> {
    const [row] = await tx.query<{ last: string | null; oldest: string | null }>(
      `SELECT (SELECT last FROM event_sequence WHERE topic = 'practice-changes' AND key = $1) AS last, (SELECT min(number) FROM practice_change WHERE practice_id = $1) AS oldest`, [practice]);
    return { last: Number(row?.last ?? 0), oldest: row?.oldest == null ? null : Number(row.oldest) };
  }

  /** At most `limit` changes of each practice behind the number it is given with, for all of them in one statement. */
  async after(tx: Tx, places: ReadonlyMap<PracticeId, number>, limit: number): Promise<Map<PracticeId, Change[]>> {
    const rows = await tx.query<Row>(
      `SELECT c.practice_id, c.number, c.type, c.entity_id, c.at FROM unnest($1::text[], $2::bigint[]) AS p(practice, after)
        CROSS JOIN LATERAL (SELECT * FROM practice_change k WHERE k.practice_id = p.practice AND k.number > p.after ORDER BY k.number LIMIT $3) c ORDER BY c.practice_id, c.number`,
      [[...places.keys()], [...places.values()], limit]);
    const found = new Map<PracticeId, Change[]>([...places.keys()].map((practice) => [practice, []]));
    for (const row of rows) found.get(row.practice_id)?.push(changeOf(row));
    return found;
  }

  /** Forgets what is older than `before`, at most `limit`; returns how much that was. */
  async forget(tx: Tx, before: Instant, limit: number): Promise<number> {
    const [row] = await tx.query<{ forgotten: string }>('SELECT forget_changes($1, $2) AS forgotten', [toDate(before), limit]);
    return Number(row?.forgotten ?? 0);
  }
}
