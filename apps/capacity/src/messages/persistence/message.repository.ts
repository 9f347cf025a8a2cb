import { Injectable } from '@nestjs/common';
import type { EventData, MessageCosted, MessageOutcomeRecorded, MessageRequested } from '@slotmesh/contracts';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

/** Messages, outcomes and costs come over two topics in any order; each is kept as it came, and they meet when they are counted. */
@Injectable()
export class MessageRepository {
  async requested(tx: Tx, r: EventData<typeof MessageRequested>, at: Instant): Promise<void> {
    const due = formatInstant(r.dueAt ?? at);
    await tx.execute(
      `INSERT INTO message_request (id, host, class, template, due_at, month, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
      [r.id, r.host, r.class, r.template, due, `${due.slice(0, 7)}-01`, formatInstant(at)]);
  }

  /** The last word stays; when it first left, too. */
  async became(tx: Tx, o: EventData<typeof MessageOutcomeRecorded>, at: Instant): Promise<void> {
    const leftAt = o.outcome === 'sent' || o.outcome === 'delivered' ? formatInstant(o.at) : null;
    await tx.execute(
      `INSERT INTO message_outcome (request, subject, host, message, kind, revision, channel, outcome, reason, left_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       ON CONFLICT (request, subject) DO UPDATE SET channel = excluded.channel, outcome = excluded.outcome, reason = excluded.reason, left_at = coalesce(message_outcome.left_at, excluded.left_at), changed_at = excluded.changed_at`,
      [o.request, o.subject.id, o.host, o.id, o.subject.kind, o.subject.revision, o.channel, o.outcome, o.reason, leftAt, formatInstant(at)]);
  }

  async costed(tx: Tx, c: EventData<typeof MessageCosted>, at: Instant): Promise<void> {
    await tx.execute(`INSERT INTO message_cost (attempt, message, host, micros, currency, changed_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (attempt) DO NOTHING`, [c.attempt, c.id, c.host, c.micros, c.currency, formatInstant(at)]);
  }
}
