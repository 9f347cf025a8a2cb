import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { newWebhookSecret } from '../domain/signature';
import { WebhookSubscriptionRepository } from '../persistence/webhook-subscription.repository';
import { SubscriptionUnknown } from '../webhook.errors';
import { WebhookSecrets } from '../webhook-secrets';

/** Real time, so that a receiver can change over without losing a webhook. */
const BOTH_VALID_HOURS = 24;

/** A new secret; for a day the one before signs, too. Throws SubscriptionUnknown. */
@Injectable()
export class RotateSecret {
  constructor(private readonly subscriptions: WebhookSubscriptionRepository, private readonly secrets: WebhookSecrets) {}

  async execute(tx: Tx, practice: PracticeId, id: string): Promise<string> {
    const secret = newWebhookSecret();
    if (!(await this.subscriptions.rotate(tx, id, await this.secrets.seal(tx, practice, id, secret), BOTH_VALID_HOURS))) throw new SubscriptionUnknown();
    tx.audit.record({ action: 'webhook-subscription.secret-rotated', entity: 'webhook-subscription', entityId: id });
    return secret;
  }
}
