import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { Messaging } from '../messaging';
import { consumerRecords } from '../metrics';
import { PredecessorMissing } from './parked-event.errors';
import { ParkedKey } from './parked-key';

/**
 * Gives up a parked record: its key moves on by one and what stands behind it runs. Throws ParkedEventUnknown, AnotherIsNext, PredecessorMissing.
 */
@Injectable()
export class DiscardParkedEvent {
  constructor(private readonly work: UnitOfWork, private readonly messaging: Messaging, private readonly key: ParkedKey) {}

  async execute(actor: Actor, id: string, reason: string): Promise<void> {
    await this.work.run(actor, async (tx) => {
      const event = await this.key.hold(tx, id);
      const { topic, key, sequence, last, type, host } = event;
      await this.messaging.lot.remove(tx, id);
      // Why the condition: a record without a place in the order was beside it all the time.
      if (sequence > 0) {
        await this.key.requireFirst(tx, event);
        if (sequence > last + 1) throw new PredecessorMissing(last + 1, sequence - 1);
        await this.messaging.inbox.setLast(tx, event, sequence);
        await this.messaging.lot.releaseNext(tx, event, sequence);
      }
      tx.audit.record({ action: 'parked-event.discarded', entity: 'parked-event', entityId: id, details: { topic, key, sequence, type, host, reason } });
    });
    consumerRecords.inc({ consumer: this.messaging.settings.service, outcome: 'discarded' });
  }
}
