import { Module } from '@nestjs/common';
import { FaultsModule } from '../faults/faults.module';
import { BasicAuthGuard } from './basic-auth.guard';
import { ChangeMessage } from './commands/change-message';
import { CreateMessage } from './commands/create-message';
import { SendReplies } from './commands/send-replies';
import { DeliveryEngine } from './delivery-engine';
import { FindMessages } from './find-messages';
import { MessagesController } from './messages.controller';
import { MessageRepository } from './persistence/message.repository';
import { WebhookRepository } from './persistence/webhook.repository';
import { WebhookCourier } from './webhook-courier';

@Module({
  imports: [FaultsModule],
  controllers: [MessagesController],
  providers: [BasicAuthGuard, CreateMessage, ChangeMessage, SendReplies, FindMessages, DeliveryEngine, WebhookCourier, MessageRepository, WebhookRepository],
  exports: [MessageRepository, WebhookRepository, WebhookCourier],
})
export class TwilioModule {}
