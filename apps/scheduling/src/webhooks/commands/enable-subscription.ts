import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository';
import { WebhookSubscriptionRepository } from '../persistence/webhook-subscription.repository';
import { SubscriptionUnknown } from '../webhook.errors';

/** Sends again, first what has waited meanwhile. Throws SubscriptionUnknown. */
@Injectable()
export class EnableSubscription {
  constructor(private readonly subscriptions: WebhookSubscriptionRepository, private readonly deliveries: WebhookDeliveryRepository) {}

  async execute(tx: Tx, id: string): Promise<void> {
    if (!(await this.subscriptions.enable(tx, id))) throw new SubscriptionUnknown();
    await this.deliveries.sendNow(tx, id);
    tx.audit.record({ action: 'webhook-subscription.enabled', entity: 'webhook-subscription', entityId: id });
  }
}
