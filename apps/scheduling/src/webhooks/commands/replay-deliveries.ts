import { Injectable } from '@nestjs/common';
import type { Instant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository';
import { WebhookSubscriptionRepository } from '../persistence/webhook-subscription.repository';
import { DeliveryUnknown, SubscriptionUnknown } from '../webhook.errors';

/** Sends again what was made, under the ids that it had: one event, or all since an instant. Throws SubscriptionUnknown, DeliveryUnknown. */
@Injectable()
export class ReplayDeliveries {
  constructor(private readonly subscriptions: WebhookSubscriptionRepository, private readonly deliveries: WebhookDeliveryRepository) {}

  async execute(tx: Tx, id: string, what: { readonly event: string } | { readonly since: Instant }): Promise<number> {
    if (!(await this.subscriptions.find(tx, id))) throw new SubscriptionUnknown();
    const replayed = await this.deliveries.replay(tx, id, what);
    if ('event' in what && replayed === 0) throw new DeliveryUnknown();
    tx.audit.record({ action: 'webhook-subscription.replayed', entity: 'webhook-subscription', entityId: id, details: { replayed } });
    return replayed;
  }
}
