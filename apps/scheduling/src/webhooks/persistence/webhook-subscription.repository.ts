import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';

export interface WebhookSubscription {
  readonly id: string;
  readonly practice: PracticeId;
  readonly url: string;
  readonly events: readonly string[];
  readonly createdAt: Instant;
  readonly disabledAt: Instant | null;
  readonly reason: string | null;
}
export interface SealedSecrets {
  readonly id: string;
  readonly practice: PracticeId;
  readonly url: string;
  readonly secret: string;
  /** The one before, while it is valid beside the new one. */
  readonly oldSecret: string | null;
}
interface Row { id: string; practice_id: PracticeId; url: string; event_types: string[]; created_at: Date; disabled_at: Date | null; disabled_reason: string | null }
const COLUMNS = 'id, practice_id, url, event_types, created_at, disabled_at, disabled_reason';
const toSubscription = (row: Row): WebhookSubscription => ({
  id: row.id, practice: row.practice_id, url: row.url, events: row.event_types, createdAt: instantOfDate(row.created_at),
  disabledAt: row.disabled_at ? instantOfDate(row.disabled_at) : null, reason: row.disabled_reason,
});

/** How a subscription goes after a try that failed. */
export interface Failing {
  /** Days of real time without a success after which it is disabled. */
  readonly days: number;
  /** Disables it at once. */
  readonly gone: boolean;
  readonly reason: string;
}

@Injectable()
export class WebhookSubscriptionRepository {
  async list(sql: Sql, after: string | null, limit: number): Promise<WebhookSubscription[]> {
    return (await sql.query<Row>(`SELECT ${COLUMNS} FROM webhook_subscription WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`, [after, limit])).map(toSubscription);
  }

  async find(sql: Sql, id: string): Promise<WebhookSubscription | null> {
    const [row] = await sql.query<Row>(`SELECT ${COLUMNS} FROM webhook_subscription WHERE id = $1`, [id]);
    return row ? toSubscription(row) : null;
  }

  /** False where the practice has one with this URL. */
  async add(tx: Tx, subscription: WebhookSubscription, sealedSecret: string): Promise<boolean> {
    const { id, practice, url, events } = subscription;
    return (await tx.execute('INSERT INTO webhook_subscription (id, practice_id, url, event_types, sealed_secret, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING', [id, practice, url, events, sealedSecret, toDate(tx.now)])) > 0;
  }

  async remove(tx: Tx, id: string): Promise<boolean> {
    return (await tx.execute('DELETE FROM webhook_subscription WHERE id = $1', [id])) > 0;
  }

  async rotate(tx: Tx, id: string, sealedSecret: string, bothForHours: number): Promise<boolean> {
    return (await tx.execute(
      `UPDATE webhook_subscription SET sealed_old_secret = sealed_secret, old_secret_until = clock_timestamp() + $3::int * interval '1 hour', sealed_secret = $2 WHERE id = $1`, [id, sealedSecret, bothForHours])) > 0;
  }

  async enable(tx: Tx, id: string): Promise<boolean> {
    return (await tx.execute('UPDATE webhook_subscription SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, resume_at = NULL WHERE id = $1', [id])) > 0;
  }

  secrets(sql: Sql, ids: readonly string[]): Promise<SealedSecrets[]> {
    return sql.query<SealedSecrets>(
      `SELECT id, practice_id AS practice, url, sealed_secret AS secret, CASE WHEN old_secret_until > clock_timestamp() THEN sealed_old_secret END AS "oldSecret" FROM webhook_subscription WHERE id = ANY ($1::uuid[])`, [ids]);
  }

  async succeeded(tx: Tx, id: string): Promise<void> {
    await tx.execute('UPDATE webhook_subscription SET failing_since = NULL, resume_at = NULL WHERE id = $1 AND failing_since IS NOT NULL', [id]);
  }

  /** Rests as long as it has failed so far, five seconds to ten minutes, so that what waits behind does not storm a receiver that is down. True where it is disabled now and was not. */
  async failed(tx: Tx, id: string, { days, gone, reason }: Failing): Promise<boolean> {
    await tx.execute(
      `UPDATE webhook_subscription SET failing_since = coalesce(failing_since, clock_timestamp()),
       resume_at = clock_timestamp() + least(greatest(clock_timestamp() - failing_since, interval '5 seconds'), interval '10 minutes') WHERE id = $1`, [id]);
    return (await tx.execute(
      `UPDATE webhook_subscription SET disabled_at = $2, disabled_reason = $3 WHERE id = $1 AND disabled_at IS NULL AND ($4 OR failing_since < clock_timestamp() - $5::int * interval '1 day')`, [id, toDate(tx.now), reason, gone, days])) > 0;
  }
}
