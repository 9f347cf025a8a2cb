import { type DynamicModule, Module } from '@nestjs/common';
import { CalendarController } from './calendar.controller';
import { CalendarFactsRepository } from './persistence/calendar-facts.repository';
import { ReadCalendar } from './queries/read-calendar';

/** What a desk looks at: its days with all that lies in them. */
@Module({})
export class CalendarModule {
  static with(patients: DynamicModule): DynamicModule {
    return { module: CalendarModule, imports: [patients], controllers: [CalendarController], providers: [CalendarFactsRepository, ReadCalendar] };
  }
}
