import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule, type MessagingOptions } from '@slotmesh/messaging';
import type { DatabaseSettings } from '@slotmesh/persistence';
import { DatabaseModule, PlatformModule } from '@slotmesh/platform';
import { AuditModule, SecurityModule } from '@slotmesh/security';
import { AccessModule } from './access/access.module';
import type { CapacityConfig } from './config';
import { ConfigModule } from './config.module';
import { DemandModule } from './demand/demand.module';
import { ForecastsModule } from './forecasts/forecasts.module';
import { ForgettingModule } from './forgetting/forgetting.module';
import { MeasuresModule } from './measures/measures.module';
import { MessagesModule } from './messages/messages.module';
import { NoShowsModule } from './no-shows/no-shows.module';
import { OverbookingModule } from './overbooking/overbooking.module';
import { QuotasModule } from './quotas/quotas.module';
import { RecommendationsModule } from './recommendations/recommendations.module';
import { ReferenceModule } from './reference/reference.module';
import { ReportsModule } from './reports/reports.module';
import { RoundsModule } from './rounds/rounds.module';
import { SupplyModule } from './supply/supply.module';
import { TrialsModule } from './trials/trials.module';
import { VisitsModule } from './visits/visits.module';
import { WhatIfModule } from './what-if/what-if.module';

@Module({})
export class AppModule {
  static forRoot(config: CapacityConfig, messaging: MessagingOptions = {}, database: Pick<DatabaseSettings, 'lazyCommits'> = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot('capacity', config),
        DatabaseModule.forRoot('capacity', config, [], database),
        MessagingModule.forRoot('capacity', config, messaging),
        SecurityModule.forRoot(config),
        AuditModule.forRoot('capacity'),
        ConfigModule.forRoot(config),
        ReferenceModule,
        VisitsModule,
        RoundsModule,
        MessagesModule,
        SupplyModule,
        AccessModule,
        DemandModule,
        MeasuresModule,
        ForecastsModule,
        NoShowsModule,
        OverbookingModule,
        QuotasModule,
        RecommendationsModule,
        ReportsModule,
        WhatIfModule,
        TrialsModule,
        ForgettingModule,
      ],
    };
  }
}
