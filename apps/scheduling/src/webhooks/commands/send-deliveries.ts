import { Inject, Injectable, Logger } from '@nestjs/common';
import { WebhookSubscriptionDisabled } from '@slotmesh/contracts';
import { HOUR, type PracticeId, formatInstant } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, eventOf, workerFor } from '@slotmesh/persistence';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../../config';
import { pauseAfter } from '../domain/retry-times';
import { signatureOf } from '../domain/signature';
import { type Attempt, type WebhookDelivery, WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository';
import { WebhookSubscriptionRepository } from '../persistence/webhook-subscription.repository';
import { POST_TIMEOUT_MS, type Posted, postWebhook } from '../post-webhook';
import { WebhookSecrets } from '../webhook-secrets';

/** Longer than a try can last, so that nobody else sends while it may be under way. */
const LEASE_MS = 3 * POST_TIMEOUT_MS;
const SIDE_BY_SIDE = 20;
const DISABLED_AFTER_DAYS = 3;
const KEPT_DAYS = 30;
const SHOWN_ATTEMPTS = 20;
const GONE = 410;

interface Target {
  readonly practice: PracticeId;
  readonly url: string;
  readonly secrets: readonly string[];
}

/** Sends what is due, at least once: taken by a lease, sent outside of any transaction, recorded. All times are real, because it is transport. */
@Injectable()
export class SendDeliveries {
  private readonly logger = new Logger('webhooks');
  private readonly lanes = new Map<string, Promise<void>>();
  private forgotAt = 0;

  constructor(
    private readonly work: UnitOfWork, private readonly deliveries: WebhookDeliveryRepository, private readonly subscriptions: WebhookSubscriptionRepository, private readonly secrets: WebhookSecrets,
    @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig,
  ) {}

  /** Begins what is due and returns how much that is; `onFree` is called when a receiver has answered. A slow one keeps no other waiting. */
  async execute(onFree: () => void): Promise<number> {
    if (Date.now() - this.forgotAt > HOUR) {
      await this.work.run(workerFor('webhooks', null), (tx) => this.deliveries.forget(tx, KEPT_DAYS));
      this.forgotAt = Date.now();
    }
    const room = SIDE_BY_SIDE - this.lanes.size;
    if (room <= 0) return 0;
    const { taken, targets } = await this.work.run(workerFor('webhooks', null), async (tx) => {
      const found = await this.deliveries.take(tx, [...this.lanes.keys()], room, LEASE_MS);
      const known = new Map<string, Target>();
      for (const { id, practice, url, secret, oldSecret } of await this.subscriptions.secrets(tx, [...new Set(found.map(({ subscription }) => subscription))])) {
        try {
          const valid: string[] = [];
          for (const sealed of [secret, oldSecret]) if (sealed !== null) valid.push(await this.secrets.open(tx, practice, id, sealed));
          known.set(id, { practice, url, secrets: valid });
        } catch {
          // Why no more than a line: one secret that cannot be opened must not stop the others; it is tried again when its lease is over.
          this.logger.warn(`the secret of subscription ${id} cannot be opened`);
        }
      }
      return { taken: found, targets: known };
    });
    for (const [id, target] of targets) {
      const sent = Promise.all(taken.filter(({ subscription }) => subscription === id).map((delivery) => this.send(delivery, target)))
        // Why no more than a line: what was not recorded comes again when its lease is over.
        .then(() => undefined, (error: unknown) => this.logger.warn(`not recorded: ${error instanceof Error ? error.message : 'unknown'}`))
        .finally(() => {
          this.lanes.delete(id);
          onFree();
        });
      this.lanes.set(id, sent);
    }
    return taken.length;
  }

  /** When all that is under way has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.lanes.values());
  }

  private async send(delivery: WebhookDelivery, target: Target): Promise<void> {
    const body = bodyOf(delivery);
    const begun = Date.now();
    const seconds = Math.floor(begun / 1_000);
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8', 'user-agent': 'Slotmesh-Webhooks/1',
      'webhook-id': delivery.event, 'webhook-timestamp': String(seconds), 'webhook-signature': signatureOf(target.secrets, delivery.event, seconds, body),
    };
    const posted = await postWebhook(target.url, headers, body, this.config.MODE === 'sandbox');
    await this.record(delivery, target.practice, posted, { at: new Date(begun).toISOString(), ...posted, ms: Date.now() - begun });
  }

  private async record(delivery: WebhookDelivery, practice: PracticeId, { status, error }: Posted, attempt: Attempt): Promise<void> {
    const { subscription } = delivery;
    const delivered = status !== null && status >= 200 && status < 300;
    // Why it may wait where the receiver is gone: what is disabled is not sent, and is when it is enabled again.
    const pause = delivered ? null : status === GONE ? 0 : pauseAfter(delivery.tries + 1);
    const attempts = [...delivery.attempts, attempt].slice(-SHOWN_ATTEMPTS);
    await this.work.run(workerFor('webhooks', practice), async (tx) => {
      // Why the subscription first: who removes one locks it before its deliveries, too.
      if (delivered) await this.subscriptions.succeeded(tx, subscription);
      else if (await this.subscriptions.failed(tx, subscription, { days: DISABLED_AFTER_DAYS, gone: status === GONE, reason: reasonOf(status, error) })) await this.tellDisabled(tx, subscription);
      await this.deliveries.record(tx, delivery, { state: delivered ? 'delivered' : pause === null ? 'failed' : 'waiting', attempts, retryInMs: pause ?? 0 });
    });
  }

  private async tellDisabled(tx: Tx, id: string): Promise<void> {
    const subscription = await this.subscriptions.find(tx, id);
    if (subscription === null || subscription.reason === null) return;
    tx.outbox.add(eventOf(WebhookSubscriptionDisabled, { key: id, host: subscription.practice }, { id, practice: subscription.practice, reason: subscription.reason, at: formatInstant(tx.now) }));
    tx.audit.record({ action: 'webhook-subscription.disabled', entity: 'webhook-subscription', entityId: id });
  }
}

const reasonOf = (status: number | null, error: string | null): string =>
  status === GONE ? 'The receiver answered 410 Gone. Enable it when it is there again.' : `No try succeeded for ${DISABLED_AFTER_DAYS} days; the last ended with ${status ?? error ?? 'no answer'}. Enable it when the receiver is well: what has waited is sent then.`;

/** CloudEvents 1.0 as JSON; the same bytes at every try. */
const bodyOf = ({ event, type, subject, sequence, time, data }: WebhookDelivery): string =>
  JSON.stringify({ specversion: '1.0', id: event, source: 'scheduling', type, subject, time: formatInstant(time), sequence: String(sequence), datacontenttype: 'application/json', data });
