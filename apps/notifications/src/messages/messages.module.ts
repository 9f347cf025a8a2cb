import { Module } from '@nestjs/common';
import { AcceptRequest } from './commands/accept-request';
import { JoinReminders } from './commands/join-reminders';
import { LookUpUnclear } from './commands/look-up-unclear';
import { ReadCosts } from './commands/read-costs';
import { RenderMessage } from './commands/render-message';
import { SendDue } from './commands/send-due';
import { SenderPace } from './commands/sender-pace';
import { SettleAttempt } from './commands/settle-attempt';
import { TakeDeliveryReports } from './commands/take-delivery-reports';
import { WriteIntent } from './commands/write-intent';
import { MessageRequestsConsumer } from './message-requests.consumer';
import { MessageWorkers } from './message-workers';
import { MessagesController } from './messages.controller';
import { ListMessages } from './queries/list-messages';
import { ListSenders } from './queries/list-senders';
import { ShowMessage } from './queries/show-message';
import { SendersController } from './senders.controller';

@Module({
  controllers: [MessageRequestsConsumer, MessagesController, SendersController],
  providers: [AcceptRequest, RenderMessage, WriteIntent, SettleAttempt, SendDue, SenderPace, JoinReminders, LookUpUnclear, ReadCosts, TakeDeliveryReports, MessageWorkers, ListMessages, ListSenders, ShowMessage],
  exports: [SettleAttempt],
})
export class MessagesModule {}
