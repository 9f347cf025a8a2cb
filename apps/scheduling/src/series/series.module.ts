import { type DynamicModule, Module } from '@nestjs/common';
import { OpeningsModule } from '../openings/openings.module';
import { BookSeries } from './commands/book-series';
import { CancelSeries } from './commands/cancel-series';
import { RescheduleSeries } from './commands/reschedule-series';
import { DateAlternatives } from './date-alternatives';
import { SeriesRepository } from './persistence/series.repository';
import { SeriesController } from './series.controller';

@Module({})
export class SeriesModule {
  /** `appointments` books, moves and cancels the visits. */
  static with(appointments: DynamicModule): DynamicModule {
    return { module: SeriesModule, imports: [OpeningsModule, appointments], controllers: [SeriesController], providers: [SeriesRepository, DateAlternatives, BookSeries, CancelSeries, RescheduleSeries] };
  }
}
