import { type EventDefinition, type EventWire } from '@slotmesh/contracts';
import { type Instant, type PracticeId, formatInstant, newId } from '@slotmesh/kernel';
import type { Statement } from './sql';

/** Fixed number of outbox lanes; each is leased to one relay. Changing it needs an empty outbox. */
export const OUTBOX_LANES = 8;

/** A fact to publish. `key` is the aggregate's id; host and booking are the tenants it belongs to. */
export interface OutgoingEvent<D extends EventDefinition = EventDefinition> {
  readonly definition: D;
  readonly key: string;
  readonly host: PracticeId | null;
  readonly booking?: PracticeId | null;
  readonly data: EventWire<D>;
}

export function eventOf<D extends EventDefinition>(definition: D, at: { key: string; host: PracticeId | null; booking?: PracticeId | null }, data: EventWire<D>): OutgoingEvent<D> {
  return { definition, ...at, data };
}

/** Collects events during a transaction; UnitOfWork writes them at its end, sorted by topic and key, numbered without gaps per key. */
export class OutboxBuffer {
  private readonly events: OutgoingEvent[] = [];

  add(...events: OutgoingEvent[]): void {
    this.events.push(...events);
  }

  /** For a savepoint that is rolled back: forget what was added since. */
  mark(): number {
    return this.events.length;
  }
  forgetSince(mark: number): void {
    this.events.length = mark;
  }

  get size(): number {
    return this.events.length;
  }

  /** Empties the buffer into the statement that writes it, null where there is nothing. Throws TypeError where an event does not fit its contract. */
  take(source: string, now: Instant, traceparent: string | null): Statement | null {
    if (this.events.length === 0) return null;
    const order = this.events.map((event, index) => ({ event, index })).sort((a, b) => compare(a.event.definition.topic, b.event.definition.topic) || compare(a.event.key, b.event.key) || a.index - b.index);
    const rows = order.map(({ event }) => ({
      topic: event.definition.topic,
      key: event.key,
      id: newId(),
      type: event.definition.type,
      host: event.host,
      booking: event.booking ?? null,
      // Why: what does not fit the contract must fail here, in the transaction that made it, not in a reader.
      payload: wireChecked(event),
    }));
    // One statement: sequences are taken in sorted order (so that two transactions never wait for each other crosswise), rows follow them.
    this.events.length = 0;
    return { text: `SELECT outbox_append($1::text, $2::timestamptz, $3::text, $4::jsonb)`, values: [source, formatInstant(now), traceparent, JSON.stringify(rows)] };
  }
}

function wireChecked(event: OutgoingEvent): unknown {
  const result = event.definition.schema.safeParse(event.data);
  if (!result.success) throw new TypeError(`event ${event.definition.type} does not fit its contract: ${result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
  return event.data;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
