import { Module } from '@nestjs/common';
import { MeasuresModule } from '../measures/measures.module';
import { ForecastsController } from './forecasts.controller';
import { ForecastsInThread } from './forecasts-in-thread';
import { OpeningDaysRepository } from './persistence/opening-days.repository';
import { ForecastDemandOfService } from './queries/forecast-demand-of-service';

@Module({ imports: [MeasuresModule], controllers: [ForecastsController], providers: [OpeningDaysRepository, ForecastsInThread, ForecastDemandOfService] })
export class ForecastsModule {}
