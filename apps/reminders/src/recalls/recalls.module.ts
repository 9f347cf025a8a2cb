import { Module } from '@nestjs/common';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { CallListModule } from '../call-list/call-list.module';
import { PatientRepository } from '../patients/persistence/patient.repository';
import { FireRecalls } from './commands/fire-recalls';
import { FollowPatient } from './commands/follow-patient';
import { FollowVisit } from './commands/follow-visit';
import { KeepRecall } from './commands/keep-recall';
import { KeepRecallRules } from './commands/keep-recall-rules';
import { RecordRecall } from './commands/record-recall';
import { ReportRecallOutcome } from './commands/report-recall-outcome';
import { StepRecall } from './commands/step-recall';
import { RecallMessageRepository } from './persistence/recall-message.repository';
import { RecallRuleRepository } from './persistence/recall-rule.repository';
import { RecallRepository } from './persistence/recall.repository';
import { RecallTimerRepository } from './persistence/recall-timer.repository';
import { ListRecalls } from './queries/list-recalls';
import { ShowRecall } from './queries/show-recall';
import { RecallConsumer } from './recall.consumer';
import { RecallRulesController } from './recall-rules.controller';
import { RecallWorker } from './recall.worker';
import { RecallsController } from './recalls.controller';
import { RevisionsController } from './revisions.controller';

@Module({
  imports: [CallListModule],
  controllers: [RecallsController, RecallRulesController, RevisionsController, RecallConsumer],
  providers: [
    AppointmentRepository, PatientRepository, RecallRepository, RecallTimerRepository, RecallMessageRepository, RecallRuleRepository, KeepRecall, KeepRecallRules, RecordRecall, StepRecall, FollowVisit, FollowPatient, FireRecalls,
    ReportRecallOutcome, ListRecalls, ShowRecall, RecallWorker,
  ],
})
export class RecallsModule {}
