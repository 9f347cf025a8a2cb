import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { OutboxRow } from './cloud-event';

/** The outbox as the relay sees it: a queue in lanes, each leased to one relay for a few seconds of real time. Every call is one statement. */
export class OutboxQueue {
  // Why connections of its own: in the service's pool each look would stand in line behind all transactions that wait, and events would come seconds late just under load.
  private readonly pool: Pool;

  constructor(database: DataSource, private readonly owner: string) {
    this.pool = new Pool({ connectionString: urlOf(database), max: 2, application_name: 'relay', options: '-c timezone=UTC -c statement_timeout=30000' });
    // Why nothing to do: a connection that the server ended is replaced when it is needed.
    this.pool.on('error', () => undefined);
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** Takes free and forsaken lanes and keeps its own; returns the lanes it holds now. */
  async lease(leaseMs: number): Promise<number[]> {
    const { rows } = await this.pool.query<{ lane: number }>(
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
    await this.pool.query('UPDATE outbox_lane SET owner = NULL, lease_until = NULL WHERE owner = $1', [this.owner]);
  }

  /** The oldest rows of each lane, in the order of commit within each key. */
  async read(lanes: readonly number[], rowsPerLane: number): Promise<OutboxRow[]> {
    const { rows } = await this.pool.query<OutboxRow>(
      `SELECT o.id, o.lane, o.topic, o.key, o.sequence, o.event_id, o.type, o.source, o.time, o.host, o.booking, o.traceparent, o.payload::text AS payload
       FROM unnest($1::smallint[]) AS l(lane) CROSS JOIN LATERAL (SELECT * FROM outbox WHERE outbox.lane = l.lane ORDER BY id LIMIT $2) o ORDER BY o.lane, o.id`,
      [lanes, rowsPerLane],
    );
    return rows;
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.pool.query('DELETE FROM outbox WHERE id = ANY ($1::bigint[])', [ids]);
  }

  async isEmpty(): Promise<boolean> {
    const { rows } = await this.pool.query('SELECT 1 FROM outbox LIMIT 1');
    return rows.length === 0;
  }

  async measure(): Promise<{ pending: number; oldestSeconds: number }> {
    const { rows: [row] } = await this.pool.query<{ pending: string; oldest: string | null }>(
      'SELECT count(*) AS pending, extract(epoch FROM clock_timestamp() - min(enqueued_at)) AS oldest FROM outbox',
    );
    return { pending: Number(row?.pending ?? 0), oldestSeconds: Math.max(Number(row?.oldest ?? 0), 0) };
  }
}

function urlOf({ options }: DataSource): string {
  if (options.type !== 'postgres' || options.url === undefined) throw new Error('the outbox needs a PostgreSQL data source that was made from a URL');
  return options.url;
}
