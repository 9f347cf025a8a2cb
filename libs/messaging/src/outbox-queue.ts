import type { DataSource } from 'typeorm';
import type { OutboxRow } from './cloud-event';

/** The outbox as the relay sees it: a queue in lanes, each leased to one relay for a few seconds of real time. Every call is one statement. */
export class OutboxQueue {
  constructor(private readonly database: DataSource, private readonly owner: string) {}

  /** Takes free and forsaken lanes and keeps its own; returns the lanes it holds now. */
  async lease(leaseMs: number): Promise<number[]> {
    const rows: { lane: number }[] = await this.database.query(
      `WITH mine AS (
         SELECT lane FROM outbox_lane WHERE owner = $1 OR owner IS NULL OR lease_until < clock_timestamp() ORDER BY lane FOR UPDATE SKIP LOCKED
       ), held AS (
         UPDATE outbox_lane SET owner = $1, lease_until = clock_timestamp() + $2::float8 * interval '1 millisecond' FROM mine WHERE outbox_lane.lane = mine.lane RETURNING outbox_lane.lane
       ) SELECT lane FROM held`,
      [this.owner, leaseMs],
    );
    return rows.map(({ lane }) => lane);
  }

  async release(): Promise<void> {
    await this.database.query('UPDATE outbox_lane SET owner = NULL, lease_until = NULL WHERE owner = $1', [this.owner]);
  }

  /** The oldest rows of each lane, in the order of commit within each key. */
  async read(lanes: readonly number[], rowsPerLane: number): Promise<OutboxRow[]> {
    return this.database.query(
      `SELECT o.id, o.lane, o.topic, o.key, o.sequence, o.event_id, o.type, o.source, o.time, o.host, o.booking, o.traceparent, o.payload::text AS payload
       FROM unnest($1::smallint[]) AS l(lane) CROSS JOIN LATERAL (SELECT * FROM outbox WHERE outbox.lane = l.lane ORDER BY id LIMIT $2) o ORDER BY o.lane, o.id`,
      [lanes, rowsPerLane],
    );
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.database.query('DELETE FROM outbox WHERE id = ANY ($1::bigint[])', [ids]);
  }

  async isEmpty(): Promise<boolean> {
    const rows: unknown[] = await this.database.query('SELECT 1 FROM outbox LIMIT 1');
    return rows.length === 0;
  }

  async measure(): Promise<{ pending: number; oldestSeconds: number }> {
    const [row]: { pending: string; oldest: string | null }[] = await this.database.query(
      'SELECT count(*) AS pending, extract(epoch FROM clock_timestamp() - min(enqueued_at)) AS oldest FROM outbox',
    );
    return { pending: Number(row?.pending ?? 0), oldestSeconds: Math.max(Number(row?.oldest ?? 0), 0) };
  }
}
