import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule, type MessagingOptions } from '@slotmesh/messaging';
import { DatabaseModule, PlatformModule } from '@slotmesh/platform';
import { AuditModule, SecurityModule } from '@slotmesh/security';
import { CallListModule } from './call-list/call-list.module';
import type { RemindersConfig } from './config';
import { EducationModule } from './education/education.module';
import { ExperimentsModule } from './experiments/experiments.module';
import { OffersModule } from './offers/offers.module';
import { PlansModule } from './plans/plans.module';
import { RecallsModule } from './recalls/recalls.module';
import { ReminderFailuresModule } from './reminder-failures/reminder-failures.module';
import { TimersModule } from './timers/timers.module';

@Module({})
export class AppModule {
  static forRoot(config: RemindersConfig, messaging: MessagingOptions = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot('reminders', config),
        DatabaseModule.forRoot('reminders', config),
        MessagingModule.forRoot('reminders', config, messaging),
        SecurityModule.forRoot(config),
        AuditModule.forRoot('reminders'),
        PlansModule,
        ExperimentsModule,
        TimersModule,
        CallListModule,
        OffersModule,
        RecallsModule,
        // Behind TimersModule: handlers of one event run in this order.
        ReminderFailuresModule,
        EducationModule,
      ],
    };
  }
}
