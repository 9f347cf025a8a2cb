import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import { Messaging } from '../messaging';
import { AnotherIsNext, ParkedEventUnknown } from './parked-event.errors';

export interface HeldParkedEvent {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly sequence: number;
  readonly type: string | null;
  readonly host: string | null;
  /** Last sequence of its key that was handled or discarded. */
  readonly last: number;
}

/** Holds the key of a parked event, so that neither consumer nor retry worker moves while an operator decides. */
@Injectable()
export class ParkedKey {
  constructor(private readonly messaging: Messaging) {}

  async hold(tx: Tx, id: string): Promise<HeldParkedEvent> {
    const [place] = await tx.query<{ topic: string; key: string }>('SELECT topic, key FROM parked_event WHERE consumer = $1 AND id = $2', [this.messaging.settings.service, id]);
    if (!place) throw new ParkedEventUnknown(id);
    const { last } = await this.messaging.inbox.lock(tx, place, Number.MAX_SAFE_INTEGER);
    // Why again: it may have been handled while we waited for its key.
    const [row] = await tx.query<{ sequence: string; type: string | null; host: string | null }>('SELECT sequence, type, host FROM parked_event WHERE id = $1', [id]);
    if (!row) throw new ParkedEventUnknown(id);
    return { id, ...place, sequence: Number(row.sequence), type: row.type, host: row.host, last };
  }

  /** Throws AnotherIsNext where a parked record of the key stands before this one. */
  async requireFirst(tx: Tx, { topic, key, sequence }: HeldParkedEvent): Promise<void> {
    const [first] = await tx.query<{ id: string }>(
      'SELECT id FROM parked_event WHERE consumer = $1 AND topic = $2 AND key = $3 AND sequence > 0 AND sequence < $4 ORDER BY sequence LIMIT 1',
      [this.messaging.settings.service, topic, key, sequence],
    );
    if (first) throw new AnotherIsNext(first.id);
  }
}
