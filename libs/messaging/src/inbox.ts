import type { Tx } from '@slotmesh/persistence';
import type { KeyState } from './sequence';

export interface EventKey {
  readonly topic: string;
  readonly key: string;
}

/** Last sequence handled or discarded per consumer, topic and key. Whoever changes or parks a key holds its row. */
export class Inbox {
  constructor(private readonly consumer: string) {}

  /**
   * The quick way: moves from `first - 1` to `last` in one statement and holds the key, where nothing of it is parked. False: look closer.
   */
  async advanceInOrder(tx: Tx, { topic, key }: EventKey, first: number, last: number): Promise<boolean> {
    const moved =
      first === 1
        ? await tx.execute(
            `INSERT INTO inbox (consumer, topic, key, last) SELECT $1, $2, $3, $4
             WHERE NOT EXISTS (SELECT FROM parked_event p WHERE p.consumer = $1 AND p.topic = $2 AND p.key = $3) ON CONFLICT DO NOTHING`,
            [this.consumer, topic, key, last],
          )
        : await tx.execute(
            `UPDATE inbox SET last = $5 WHERE consumer = $1 AND topic = $2 AND key = $3 AND last = $4 - 1
             AND NOT EXISTS (SELECT FROM parked_event p WHERE p.consumer = $1 AND p.topic = $2 AND p.key = $3)`,
            [this.consumer, topic, key, first, last],
          );
    return moved === 1;
  }

  /** Holds the key until the end of the transaction and tells its state from `from` on. */
  async lock(tx: Tx, { topic, key }: EventKey, from = 0): Promise<KeyState> {
    await tx.execute('INSERT INTO inbox (consumer, topic, key, last) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING', [this.consumer, topic, key]);
    const [row] = await tx.query<{ last: string }>('SELECT last FROM inbox WHERE consumer = $1 AND topic = $2 AND key = $3 FOR UPDATE', [this.consumer, topic, key]);
    const parked = await tx.query<{ sequence: string }>('SELECT sequence FROM parked_event WHERE consumer = $1 AND topic = $2 AND key = $3 AND sequence >= $4', [this.consumer, topic, key, from]);
    return { last: Number(row?.last ?? 0), parked: new Set(parked.map(({ sequence }) => Number(sequence))) };
  }

  async setLast(tx: Tx, { topic, key }: EventKey, last: number): Promise<void> {
    await tx.execute('UPDATE inbox SET last = $4 WHERE consumer = $1 AND topic = $2 AND key = $3', [this.consumer, topic, key, last]);
  }
}
