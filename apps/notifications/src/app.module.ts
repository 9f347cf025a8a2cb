import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule } from '@slotmesh/messaging';
import { DatabaseModule, PlatformModule } from '@slotmesh/platform';
import { AuditModule, SecurityModule } from '@slotmesh/security';
import type { NotificationsConfig } from './config';
import { BouncesModule } from './bounces/bounces.module';
import { ConsentsModule } from './consents/consents.module';
import { ConversationsModule } from './conversations/conversations.module';
import { MessagesModule } from './messages/messages.module';
import { ProjectionsModule } from './projections/projections.module';
import { ProvidersModule } from './providers/providers.module';
import { RepliesModule } from './replies/replies.module';
import { SendingRulesModule } from './sending-rules/sending-rules.module';
import { TemplatesModule } from './templates/templates.module';
import { UnsubscribingModule } from './unsubscribing/unsubscribing.module';
import { WebhooksModule } from './webhooks/webhooks.module';

const SERVICE = 'notifications';

@Module({})
export class AppModule {
  static forRoot(config: NotificationsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(SERVICE, config), DatabaseModule.forRoot(SERVICE, config), MessagingModule.forRoot(SERVICE, config), SecurityModule.forRoot(config), AuditModule.forRoot(SERVICE),
        ProvidersModule.forRoot(config), ProjectionsModule, ConsentsModule, SendingRulesModule, MessagesModule, RepliesModule, ConversationsModule, TemplatesModule, UnsubscribingModule, BouncesModule, WebhooksModule,
      ],
    };
  }
}
