import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule } from '@slotmesh/messaging';
import { DatabaseModule, PlatformModule } from '@slotmesh/platform';
import { SecurityModule } from '@slotmesh/security';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from './config';
import { ConsentsController } from './consents/consents.controller';
import { ListConsents } from './consents/list-consents';
import { AcceptRequest } from './messages/commands/accept-request';
import { LookUpUnclear } from './messages/commands/look-up-unclear';
import { RenderMessage } from './messages/commands/render-message';
import { SendDue } from './messages/commands/send-due';
import { SettleAttempt } from './messages/commands/settle-attempt';
import { TakeDeliveryReports } from './messages/commands/take-delivery-reports';
import { WriteIntent } from './messages/commands/write-intent';
import { MessageRequestsConsumer } from './messages/message-requests.consumer';
import { MessageWorkers } from './messages/message-workers';
import { MessagesController } from './messages/messages.controller';
import { ListMessages } from './messages/queries/list-messages';
import { ShowMessage } from './messages/queries/show-message';
import { AppointmentsConsumer } from './projections/appointments.consumer';
import { PatientsConsumer } from './projections/patients.consumer';
import { ReferencesConsumer } from './projections/references.consumer';
import { IntakeKeys } from './providers/intake-keys';
import { Mails } from './providers/mails';
import { PatientKeys } from './providers/patient-keys';
import { Texts } from './providers/texts';
import { VisitOwners } from './providers/visit-owners';
import { HandleReplies } from './replies/commands/handle-replies';
import { ReadReply } from './replies/commands/read-reply';
import { ListReplies } from './replies/queries/list-replies';
import { RepliesController } from './replies/replies.controller';
import { StoreDeliveryReport } from './webhooks/store-delivery-report';
import { StoreText } from './webhooks/store-text';
import { TwilioController } from './webhooks/twilio.controller';

const SERVICE = 'notifications';

@Module({})
export class AppModule {
  static forRoot(config: NotificationsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [PlatformModule.forRoot(SERVICE, config), DatabaseModule.forRoot(SERVICE, config), MessagingModule.forRoot(SERVICE, config), SecurityModule.forRoot(config)],
      controllers: [ReferencesConsumer, PatientsConsumer, AppointmentsConsumer, MessageRequestsConsumer, MessagesController, ConsentsController, RepliesController, TwilioController],
      providers: [
        { provide: NOTIFICATIONS_CONFIG, useValue: config },
        IntakeKeys, PatientKeys, VisitOwners, Texts, Mails,
        AcceptRequest, RenderMessage, WriteIntent, SettleAttempt, SendDue, LookUpUnclear, TakeDeliveryReports, MessageWorkers, ListMessages, ShowMessage,
        ReadReply, HandleReplies, ListReplies, StoreDeliveryReport, StoreText, ListConsents,
      ],
    };
  }
}
