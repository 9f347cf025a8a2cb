import { Inject, Injectable } from '@nestjs/common';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { MESSAGING_SETTINGS, type MessagingSettings } from '../settings';
import { ParkedEventUnknown } from './parked-event.errors';
import type { ParkedEvent, ParkedEventDetail, ParkedEventQuery } from './parked-event';

interface Row {
  readonly id: string; readonly consumer: string; readonly topic: string; readonly key: string; readonly sequence: string; readonly next: boolean;
  readonly type: string | null; readonly host: string | null; readonly state: 'waiting' | 'dead'; readonly reason: string; readonly attempts: number;
  readonly next_attempt_at: Date | null; readonly parked_at: Date; readonly kafka_partition: number | null; readonly kafka_offset: string | null;
}
const columns = `p.id, p.consumer, p.topic, p.key, p.sequence, p.type, p.host, p.state, p.reason, p.attempts, p.next_attempt_at, p.parked_at, p.kafka_partition, p.kafka_offset,
  coalesce(p.sequence = (SELECT i.last + 1 FROM inbox i WHERE i.consumer = p.consumer AND i.topic = p.topic AND i.key = p.key), false) AS next`;

/** Lists and shows parked events, the latest first. Showing a value is reading data of patients and is audited. */
@Injectable()
export class FindParkedEvents {
  constructor(private readonly work: UnitOfWork, @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings) {}

  list(actor: Actor, query: ParkedEventQuery): Promise<{ items: ParkedEvent[]; nextCursor: string | null }> {
    return this.work.run(actor, async (tx) => {
      const rows = await tx.query<Row>(
        `SELECT ${columns} FROM parked_event p
         WHERE p.consumer = $1 AND ($2::text IS NULL OR p.state = $2) AND ($3::text IS NULL OR p.topic = $3) AND ($4::text IS NULL OR p.key = $4) AND ($5::text IS NULL OR p.type = $5)
           AND ($6::uuid IS NULL OR p.id < $6) ORDER BY p.id DESC LIMIT $7`,
        [this.settings.service, query.state ?? null, query.topic ?? null, query.key ?? null, query.type ?? null, query.cursor ?? null, query.limit + 1],
      );
      const items = rows.slice(0, query.limit).map(viewOf);
      return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
    });
  }

  show(actor: Actor, id: string): Promise<ParkedEventDetail> {
    return this.work.run(actor, async (tx) => {
      const [row] = await tx.query<Row & { headers: Record<string, string>; payload: Buffer | null; behind: number }>(
        `SELECT ${columns}, p.headers, p.payload,
           (SELECT count(*)::int FROM parked_event b WHERE b.consumer = p.consumer AND b.topic = p.topic AND b.key = p.key AND b.sequence > p.sequence) AS behind
         FROM parked_event p WHERE p.consumer = $1 AND p.id = $2`,
        [this.settings.service, id],
      );
      if (!row) throw new ParkedEventUnknown(id);
      tx.audit.record({ action: 'parked-event.read', entity: 'parked-event', entityId: id, details: { topic: row.topic, key: row.key, sequence: Number(row.sequence), host: row.host } });
      return { ...viewOf(row), headers: row.headers, value: valueOf(row.payload), behind: row.behind };
    });
  }

  async summary(tx: Tx, id: string): Promise<ParkedEvent> {
    const [row] = await tx.query<Row>(`SELECT ${columns} FROM parked_event p WHERE p.id = $1`, [id]);
    if (!row) throw new ParkedEventUnknown(id);
    return viewOf(row);
  }
}

const viewOf = (row: Row): ParkedEvent => ({
  id: row.id, consumer: row.consumer, topic: row.topic, key: row.key, sequence: Number(row.sequence), next: row.next, type: row.type, host: row.host, state: row.state, reason: row.reason,
  attempts: row.attempts, nextAttemptAt: row.next_attempt_at?.toISOString() ?? null, parkedAt: row.parked_at.toISOString(), partition: row.kafka_partition, offset: row.kafka_offset,
});

function valueOf(payload: Buffer | null): unknown {
  if (payload === null) return null;
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return { base64: payload.toString('base64') };
  }
}
