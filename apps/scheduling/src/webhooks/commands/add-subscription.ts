import { Injectable } from '@nestjs/common';
import { type PracticeId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { newWebhookSecret } from '../domain/signature';
import { type WebhookSubscription, WebhookSubscriptionRepository } from '../persistence/webhook-subscription.repository';
import { AlreadySubscribed, TooManySubscriptions } from '../webhook.errors';
import { WebhookSecrets } from '../webhook-secrets';

const MOST = 20;

/** A practice has its own events sent to a URL. The secret is given here and never again. Throws AlreadySubscribed, TooManySubscriptions. */
@Injectable()
export class AddSubscription {
  constructor(private readonly subscriptions: WebhookSubscriptionRepository, private readonly secrets: WebhookSecrets) {}

  async execute(tx: Tx, practice: PracticeId, wanted: { readonly url: string; readonly events: readonly string[] }): Promise<{ subscription: WebhookSubscription; secret: string }> {
    if ((await this.subscriptions.list(tx, null, MOST)).length >= MOST) throw new TooManySubscriptions(MOST);
    const subscription: WebhookSubscription = { id: newId(), practice, ...wanted, createdAt: tx.now, disabledAt: null, reason: null };
    const secret = newWebhookSecret();
    if (!(await this.subscriptions.add(tx, subscription, await this.secrets.seal(tx, practice, subscription.id, secret)))) throw new AlreadySubscribed();
    tx.audit.record({ action: 'webhook-subscription.added', entity: 'webhook-subscription', entityId: subscription.id, details: { events: wanted.events.join(' ') } });
    return { subscription, secret };
  }
}
