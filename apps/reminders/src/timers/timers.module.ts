import { Module } from '@nestjs/common';
import { AppointmentConsumer } from '../appointments/appointment.consumer';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { CallListModule } from '../call-list/call-list.module';
import { PlanEducation } from '../education/commands/plan-education';
import { EducationRepository } from '../education/persistence/education.repository';
import { EducationTimerRepository } from '../education/persistence/education-timer.repository';
import { ExperimentsModule } from '../experiments/experiments.module';
import { ChangeReach } from '../patients/commands/change-reach';
import { ContactPreferenceConsumer } from '../patients/contact-preference.consumer';
import { PatientConsumer } from '../patients/patient.consumer';
import { PatientRepository } from '../patients/persistence/patient.repository';
import { PlansModule } from '../plans/plans.module';
import { KeepRecall } from '../recalls/commands/keep-recall';
import { RecallRepository } from '../recalls/persistence/recall.repository';
import { RecallTimerRepository } from '../recalls/persistence/recall-timer.repository';
import { AskToMove } from './commands/ask-to-move';
import { FireTimers } from './commands/fire-timers';
import { KnowCircumstances } from './commands/know-circumstances';
import { PlanVisit } from './commands/plan-visit';
import { RecordOutcome } from './commands/record-outcome';
import { SettleSteps } from './commands/settle-steps';
import { MessageOutcomeConsumer } from './message-outcome.consumer';
import { StepOutcomeRepository } from './persistence/step-outcome.repository';
import { TimerRepository } from './persistence/timer.repository';
import { ListTimers } from './queries/list-timers';
import { TimerWorker } from './timer.worker';
import { TimersController } from './timers.controller';

/** Timers live with the projections that they are planned from: visit, patient and timer change in one transaction. */
@Module({
  imports: [PlansModule, ExperimentsModule, CallListModule],
  controllers: [TimersController, AppointmentConsumer, PatientConsumer, ContactPreferenceConsumer, MessageOutcomeConsumer],
  providers: [
    AskToMove, AppointmentRepository, PatientRepository, TimerRepository, StepOutcomeRepository, ChangeReach, PlanVisit, KnowCircumstances, SettleSteps, FireTimers, RecordOutcome, ListTimers, TimerWorker,
    EducationRepository, EducationTimerRepository, PlanEducation, RecallRepository, RecallTimerRepository, KeepRecall,
  ],
})
export class TimersModule {}
