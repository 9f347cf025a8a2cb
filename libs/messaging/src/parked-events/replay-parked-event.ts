import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { Messaging } from '../messaging';
import { FindParkedEvents } from './find-parked-events';
import type { ParkedEvent } from './parked-event';
import { NoPlaceInOrder, PredecessorMissing } from './parked-event.errors';
import { ParkedKey } from './parked-key';

/**
 * Makes a parked record due at once with all its attempts; the retry worker runs it at last + 1, then those behind it. With `acceptGap` the key
 * goes on past records that never came. Throws ParkedEventUnknown, AnotherIsNext, PredecessorMissing, NoPlaceInOrder.
 */
@Injectable()
export class ReplayParkedEvent {
  constructor(private readonly work: UnitOfWork, private readonly messaging: Messaging, private readonly key: ParkedKey, private readonly find: FindParkedEvents) {}

  execute(actor: Actor, id: string, wish: { acceptGap: boolean; reason?: string | undefined }): Promise<ParkedEvent> {
    return this.work.run(actor, async (tx) => {
      const event = await this.key.hold(tx, id);
      if (event.sequence <= 0) throw new NoPlaceInOrder();
      await this.key.requireFirst(tx, event);
      const missing = event.sequence - event.last - 1;
      if (missing > 0 && !wish.acceptGap) throw new PredecessorMissing(event.last + 1, event.sequence - 1);
      if (missing > 0) await this.messaging.inbox.setLast(tx, event, event.sequence - 1);
      await tx.execute(`UPDATE parked_event SET state = 'waiting', attempts = 0, next_attempt_at = clock_timestamp() WHERE id = $1`, [id]);
      tx.audit.record({
        action: 'parked-event.replayed', entity: 'parked-event', entityId: id,
        details: { topic: event.topic, key: event.key, sequence: event.sequence, type: event.type, host: event.host, missing: Math.max(missing, 0), reason: wish.reason ?? null },
      });
      return this.find.summary(tx, id);
    });
  }
}
