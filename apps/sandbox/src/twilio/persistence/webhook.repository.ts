import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Sql } from '@slotmesh/persistence';
import type { FormFields } from '../domain/signature';

export interface NewWebhook {
  readonly messageSid: string;
  readonly kind: 'status' | 'inbound';
  readonly url: string;
  readonly fields: FormFields;
  /** Real milliseconds to wait before the first try. */
  readonly delayMs: number;
}

export interface PendingWebhook {
  readonly id: string;
  readonly messageSid: string;
  readonly kind: 'status' | 'inbound';
  readonly url: string;
  readonly fields: FormFields;
  readonly token: string;
  readonly attempt: number;
}

interface WebhookRow {
  id: string;
  message_sid: string;
  kind: 'status' | 'inbound';
  url: string;
  fields: [string, string][];
  token: string;
  attempt: number;
}

/** Webhooks that are still to be posted are rows, so that a crash of the sandbox loses none. Times are real. */
@Injectable()
export class WebhookRepository {
  async add(tx: Sql, webhooks: readonly NewWebhook[]): Promise<void> {
    if (webhooks.length === 0) return;
    const rows = webhooks.map((hook) => ({ message_sid: hook.messageSid, kind: hook.kind, url: hook.url, fields: hook.fields, token: randomUUID(), delay_ms: hook.delayMs }));
    await tx.execute(
      `INSERT INTO webhook (message_sid, kind, url, fields, token, due)
       SELECT message_sid, kind, url, fields, token, clock_timestamp() + delay_ms * interval '1 ms'
       FROM jsonb_to_recordset($1::jsonb) AS w(message_sid text, kind text, url text, fields jsonb, token uuid, delay_ms int)`,
      [JSON.stringify(rows)],
    );
  }

  async due(tx: Sql, limit: number, except: readonly string[]): Promise<PendingWebhook[]> {
    const rows = await tx.query<WebhookRow>(
      `SELECT id, message_sid, kind, url, fields, token, attempt FROM webhook WHERE state = 'pending' AND due <= clock_timestamp() AND id <> ALL ($2::bigint[]) ORDER BY due LIMIT $1`,
      [limit, except],
    );
    return rows.map((row) => ({ id: row.id, messageSid: row.message_sid, kind: row.kind, url: row.url, fields: row.fields, token: row.token, attempt: row.attempt }));
  }

  async outlook(tx: Sql, except: readonly string[]): Promise<{ nextInMs: number | null; pending: number }> {
    const [row] = await tx.query<{ next_in_ms: number | null; pending: number }>(
      `SELECT (extract(epoch FROM min(due) FILTER (WHERE id <> ALL ($1::bigint[])) - clock_timestamp()) * 1000)::float8 AS next_in_ms, count(*)::int AS pending FROM webhook WHERE state = 'pending'`,
      [except],
    );
    return { nextInMs: row?.next_in_ms ?? null, pending: row?.pending ?? 0 };
  }

  /** Forgets status callbacks that were taken: what they said stays in the message. */
  async forget(tx: Sql, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await tx.execute('DELETE FROM webhook WHERE id = ANY ($1::bigint[])', [ids]);
  }

  async end(tx: Sql, hook: PendingWebhook, state: 'delivered' | 'failed' | 'lost', error: string | null): Promise<void> {
    await tx.execute('UPDATE webhook SET state = $2, last_error = $3, attempt = attempt + 1 WHERE id = $1', [hook.id, state, error]);
  }

  async postpone(tx: Sql, id: string, delayMs: number, error: string): Promise<void> {
    await tx.execute(`UPDATE webhook SET attempt = attempt + 1, last_error = $3, due = clock_timestamp() + $2 * interval '1 ms' WHERE id = $1`, [id, delayMs, error]);
  }
}
