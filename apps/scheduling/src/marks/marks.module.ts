import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ExcuseMark } from './commands/excuse-mark';
import { LiftMark } from './commands/lift-mark';
import { MarksPolicy } from './marks-policy';
import { MarksController } from './marks.controller';
import { ReminderFailuresConsumer } from './reminder-failures.consumer';
import { MarkRepository } from './persistence/mark.repository';
import { ReadMarks } from './queries/read-marks';

/** Everywhere, because every way to call off, move or miss a visit makes marks. */
@Global()
@Module({})
export class MarksModule {
  static with(patients: DynamicModule): DynamicModule {
    return { module: MarksModule, imports: [patients], controllers: [MarksController, ReminderFailuresConsumer], providers: [MarkRepository, MarksPolicy, ExcuseMark, LiftMark, ReadMarks], exports: [MarkRepository, MarksPolicy] };
  }
}
