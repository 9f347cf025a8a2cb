import { formatInstant, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { RawRecord } from './cloud-event';
import type { EventKey } from './inbox';

export interface ParkedRecord extends EventKey {
  readonly sequence: number;
  readonly partition: number | null;
  readonly offset: string | null;
  readonly type: string | null;
  readonly host: string | null;
  readonly record: RawRecord;
}

/** `waiting` with a due time is tried again then; without one it waits for its predecessor. `dead` waits for a person. */
export interface ParkingPlace {
  readonly state: 'waiting' | 'dead';
  readonly reason: string;
  readonly attempts: number;
  /** Real milliseconds from now; null: behind another. */
  readonly retryInMs: number | null;
}

interface ParkedRow {
  readonly id: string;
  readonly sequence: string;
  readonly state: 'waiting' | 'dead';
  readonly attempts: number;
  readonly due: boolean;
  readonly headers: Record<string, string>;
  readonly payload: Buffer | null;
  readonly kafka_partition: number | null;
}

/** The head of a parked key: the record that is next in order. */
export interface ParkedHead {
  readonly id: string;
  readonly sequence: number;
  readonly state: 'waiting' | 'dead';
  readonly attempts: number;
  readonly due: boolean;
  readonly record: RawRecord;
}

/** Records that could not be handled, and those behind them, per consumer. Changed only while the key's inbox row is held. */
export class ParkingLot {
  constructor(private readonly consumer: string) {}

  /** Parking the same record again changes nothing. */
  async park(tx: Tx, event: ParkedRecord, place: ParkingPlace): Promise<boolean> {
    const inserted = await tx.execute(
      `INSERT INTO parked_event (id, consumer, topic, key, sequence, kafka_partition, kafka_offset, type, host, headers, payload, state, reason, attempts, next_attempt_at, parked_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13, $14, clock_timestamp() + $15::float8 * interval '1 millisecond', $16::timestamptz)
       ON CONFLICT (consumer, topic, key, sequence) DO NOTHING`,
      [
        newId(), this.consumer, event.topic, event.key, event.sequence, event.partition, event.offset, event.type, event.host, JSON.stringify(event.record.headers),
        event.record.value, place.state, place.reason, place.attempts, place.retryInMs, formatInstant(tx.now),
      ],
    );
    return inserted === 1;
  }

  /** The record at `sequence`, held. */
  async at(tx: Tx, { topic, key }: EventKey, sequence: number): Promise<ParkedHead | null> {
    const [row] = await tx.query<ParkedRow>(
      `SELECT id, sequence, state, attempts, coalesce(next_attempt_at <= clock_timestamp(), false) AS due, headers, payload, kafka_partition
       FROM parked_event WHERE consumer = $1 AND topic = $2 AND key = $3 AND sequence = $4 FOR UPDATE`,
      [this.consumer, topic, key, sequence],
    );
    if (!row) return null;
    return { id: row.id, sequence: Number(row.sequence), state: row.state, attempts: row.attempts, due: row.due, record: { key, headers: row.headers, value: row.payload } };
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.execute('DELETE FROM parked_event WHERE id = $1', [id]);
  }

  async failedAgain(tx: Tx, id: string, place: ParkingPlace): Promise<void> {
    await tx.execute(
      `UPDATE parked_event SET state = $2, reason = $3, attempts = $4, next_attempt_at = clock_timestamp() + $5::float8 * interval '1 millisecond' WHERE id = $1`,
      [id, place.state, place.reason, place.attempts, place.retryInMs],
    );
  }

  /** After the key moved to `last`: what stands next in the park is due, and what was overtaken is forgotten. */
  async releaseNext(tx: Tx, { topic, key }: EventKey, last: number): Promise<void> {
    await tx.execute('DELETE FROM parked_event WHERE consumer = $1 AND topic = $2 AND key = $3 AND sequence > 0 AND sequence <= $4', [this.consumer, topic, key, last]);
    await tx.execute(
      `UPDATE parked_event SET next_attempt_at = clock_timestamp() WHERE consumer = $1 AND topic = $2 AND key = $3 AND sequence = $4 AND state = 'waiting'`,
      [this.consumer, topic, key, last + 1],
    );
  }

  /** Keys with a record whose time to be tried again has come, the longest waiting first. */
  async due(tx: Tx, limit: number): Promise<EventKey[]> {
    return tx.query<{ topic: string; key: string }>(
      `SELECT topic, key FROM parked_event WHERE consumer = $1 AND state = 'waiting' AND next_attempt_at <= clock_timestamp() ORDER BY next_attempt_at LIMIT $2`,
      [this.consumer, limit],
    );
  }
}
