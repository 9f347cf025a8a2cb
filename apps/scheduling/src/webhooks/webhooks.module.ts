import { type DynamicModule, Module } from '@nestjs/common';
import { AddSubscription } from './commands/add-subscription';
import { EnableSubscription } from './commands/enable-subscription';
import { ReplayDeliveries } from './commands/replay-deliveries';
import { RotateSecret } from './commands/rotate-secret';
import { SendDeliveries } from './commands/send-deliveries';
import { WebhookDeliveryRepository } from './persistence/webhook-delivery.repository';
import { WebhookSubscriptionRepository } from './persistence/webhook-subscription.repository';
import { WebhookSecrets } from './webhook-secrets';
import { WebhookSubscriptionsController } from './webhook-subscriptions.controller';
import { WebhookWorker } from './webhook.worker';

/** The practices' own events, sent to where they want them. */
@Module({})
export class WebhooksModule {
  static with(patients: DynamicModule): DynamicModule {
    return {
      module: WebhooksModule,
      imports: [patients],
      controllers: [WebhookSubscriptionsController],
      providers: [WebhookSubscriptionRepository, WebhookDeliveryRepository, WebhookSecrets, AddSubscription, RotateSecret, EnableSubscription, ReplayDeliveries, SendDeliveries, WebhookWorker],
    };
  }
}
