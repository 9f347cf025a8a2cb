import { type DynamicModule, Module } from '@nestjs/common';
import { AvailabilityModule } from '../availability/availability.module';
import { GroupSessionsModule } from '../group-sessions/group-sessions.module';
import { HoldsModule } from '../holds/holds.module';
import { OpeningsModule } from '../openings/openings.module';
import { PracticesModule } from '../practices/practices.module';
import { AbsencesController } from './absences.controller';
import { AskByPhone } from './commands/ask-by-phone';
import { CloseDays } from './commands/close-days';
import { LiftAbsence } from './commands/lift-absence';
import { SettleVisit } from './commands/settle-visit';
import { AbsenceRepository } from './persistence/absence.repository';
import { ProposeMoves } from './queries/propose-moves';
import { ReadAbsence } from './queries/read-absence';

/** "Close this day": what becomes of the visits when a provider or a site is away. */
@Module({})
export class AbsencesModule {
  static with(patients: DynamicModule, appointments: DynamicModule, waitlist: DynamicModule): DynamicModule {
    return { module: AbsencesModule, imports: [AvailabilityModule, OpeningsModule, GroupSessionsModule, HoldsModule, PracticesModule, patients, appointments, waitlist], controllers: [AbsencesController], providers: [AbsenceRepository, AskByPhone, CloseDays, LiftAbsence, SettleVisit, ProposeMoves, ReadAbsence] };
  }
}
