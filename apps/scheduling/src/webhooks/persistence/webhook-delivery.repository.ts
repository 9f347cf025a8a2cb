import { Injectable } from '@nestjs/common';
import { type Instant, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';

/** `at` is real time; `status` is the HTTP status, null where none came. */
export interface Attempt {
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly ms: number;
}
export type DeliveryState = 'waiting' | 'delivered' | 'failed';
export interface WebhookDelivery {
  readonly subscription: string;
  /** The event's id, which is the webhook's, too. */
  readonly event: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
  readonly time: Instant;
  readonly data: Readonly<Record<string, unknown>>;
  readonly state: DeliveryState;
  /** Since it was made or asked for again. */
  readonly tries: number;
  readonly attempts: readonly Attempt[];
  /** Real time of the next try. */
  readonly nextAt: Instant;
  /** The next try as the database knows it, to its last digit: who took the delivery records only while nobody took it anew. */
  readonly lease: string;
}
interface Row { subscription_id: string; event_id: string; type: string; subject: string; sequence: string; time: Date; data: Record<string, unknown>; state: DeliveryState; tries: number; attempts: Attempt[]; next_at: Date; lease: string }
const COLUMNS = 'w.subscription_id, w.event_id, w.type, w.subject, w.sequence, w.time, w.data, w.state, w.tries, w.attempts, w.next_at, w.next_at::text AS lease';
const toDelivery = (row: Row): WebhookDelivery => ({
  subscription: row.subscription_id, event: row.event_id, type: row.type, subject: row.subject, sequence: Number(row.sequence), time: instantOfDate(row.time), data: row.data, state: row.state,
  tries: row.tries, attempts: row.attempts, nextAt: instantOfDate(row.next_at), lease: row.lease,
});

@Injectable()
export class WebhookDeliveryRepository {
  /** The newest first. */
  async list(sql: Sql, subscription: string, by: { readonly state: DeliveryState | null; readonly before: string | null; readonly limit: number }): Promise<WebhookDelivery[]> {
    return (await sql.query<Row>(
      `SELECT ${COLUMNS} FROM webhook_delivery w WHERE subscription_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR event_id < $3) ORDER BY event_id DESC LIMIT $4`, [subscription, by.state, by.before, by.limit])).map(toDelivery);
  }

  /** Takes what is due for `leaseMs`, of each subscription a few and of one that fails a single one; `busy` are left out. */
  async take(tx: Tx, busy: readonly string[], subscriptions: number, leaseMs: number): Promise<WebhookDelivery[]> {
    return (await tx.query<Row>(
      `WITH ready AS (
         SELECT s.id, s.failing_since FROM webhook_subscription s WHERE s.disabled_at IS NULL AND s.id <> ALL ($1::uuid[]) AND (s.resume_at IS NULL OR s.resume_at <= clock_timestamp())
           AND EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.subscription_id = s.id AND d.state = 'waiting' AND d.next_at <= clock_timestamp())
         ORDER BY s.failing_since NULLS FIRST, (SELECT min(d.next_at) FROM webhook_delivery d WHERE d.subscription_id = s.id AND d.state = 'waiting') LIMIT $2
       ), due AS (
         SELECT d.subscription_id, d.event_id FROM ready CROSS JOIN LATERAL (
           SELECT subscription_id, event_id FROM webhook_delivery WHERE subscription_id = ready.id AND state = 'waiting' AND next_at <= clock_timestamp()
           ORDER BY next_at LIMIT CASE WHEN ready.failing_since IS NULL THEN 5 ELSE 1 END FOR UPDATE SKIP LOCKED) d
       ) UPDATE webhook_delivery w SET next_at = clock_timestamp() + $3::float8 * interval '1 millisecond' FROM due
         WHERE w.subscription_id = due.subscription_id AND w.event_id = due.event_id RETURNING ${COLUMNS}`, [busy, subscriptions, leaseMs])).map(toDelivery);
  }

  async record(tx: Tx, { subscription, event, lease }: WebhookDelivery, to: { readonly state: DeliveryState; readonly attempts: readonly Attempt[]; readonly retryInMs: number }): Promise<void> {
    await tx.execute(
      `UPDATE webhook_delivery SET state = $4, tries = tries + 1, attempts = $5, next_at = clock_timestamp() + $6::float8 * interval '1 millisecond'
       WHERE subscription_id = $1 AND event_id = $2 AND state = 'waiting' AND next_at = $3::timestamptz`, [subscription, event, lease, to.state, JSON.stringify(to.attempts), to.retryInMs]);
  }

  async sendNow(tx: Tx, subscription: string): Promise<void> {
    await tx.execute(`UPDATE webhook_delivery SET next_at = clock_timestamp() WHERE subscription_id = $1 AND state = 'waiting'`, [subscription]);
  }

  /** Sends again, whatever became of it: one event, or all since an instant of domain time. Returns how many. */
  replay(tx: Tx, subscription: string, what: { readonly event: string } | { readonly since: Instant }): Promise<number> {
    const [event, since] = 'event' in what ? [what.event, null] : [null, toDate(what.since)];
    return tx.execute(
      `UPDATE webhook_delivery SET state = 'waiting', tries = 0, next_at = clock_timestamp() WHERE subscription_id = $1 AND ($2::uuid IS NULL OR event_id = $2) AND ($3::timestamptz IS NULL OR time >= $3)`, [subscription, event, since]);
  }

  async forget(tx: Tx, days: number): Promise<void> {
    await tx.execute(`DELETE FROM webhook_delivery WHERE made_at < clock_timestamp() - $1::int * interval '1 day'`, [days]);
  }
}
