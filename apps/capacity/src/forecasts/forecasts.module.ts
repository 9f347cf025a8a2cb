import { Module } from '@nestjs/common';
import { MeasuresModule } from '../measures/measures.module';
import { ForecastsController } from './forecasts.controller';
import { ForecastsInThread } from './forecasts-in-thread';
import { KnownDemandRepository } from './persistence/known-demand.repository';
import { OpeningDaysRepository } from './persistence/opening-days.repository';
import { ForecastDemandOfService } from './queries/forecast-demand-of-service';

@Module({ imports: [MeasuresModule], controllers: [ForecastsController], providers: [OpeningDaysRepository, KnownDemandRepository, ForecastsInThread, ForecastDemandOfService], exports: [ForecastsInThread, KnownDemandRepository] })
export class ForecastsModule {}
