import { Injectable } from '@nestjs/common';
import { type Instant, instantOfDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';

/** Something that stands and that a person of the practice has to see to. */
export interface Notice {
  readonly kind: 'webhook-disabled';
  /** What it is about, below /api/scheduling/v1. */
  readonly about: string;
  readonly at: Instant;
  readonly text: string;
}
const MOST = 200;

/** Read from what is so now, and kept nowhere: a notice is gone when its cause is. */
@Injectable()
export class ReadNotices {
  /** Of the tenant, the newest first. */
  async execute(sql: Sql): Promise<Notice[]> {
    const rows = await sql.query<{ id: string; url: string; at: Date; reason: string }>(
      `SELECT id, url, disabled_at AS at, disabled_reason AS reason FROM webhook_subscription WHERE disabled_at IS NOT NULL ORDER BY disabled_at DESC, id LIMIT ${MOST}`);
    return rows.map(({ id, url, at, reason }) => ({ kind: 'webhook-disabled', about: `/webhook-subscriptions/${id}`, at: instantOfDate(at), text: `Events are no longer sent to ${new URL(url).host}. ${reason}` }));
  }
}
