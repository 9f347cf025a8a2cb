import { Module } from '@nestjs/common';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { PatientRepository } from '../patients/persistence/patient.repository';
import { StepOutcomeRepository } from '../timers/persistence/step-outcome.repository';
import { KeepEducation } from './commands/keep-education';
import { PlanEducation } from './commands/plan-education';
import { SendEducation } from './commands/send-education';
import { EducationPageController } from './education-page.controller';
import { EducationConsumer } from './education.consumer';
import { EducationController } from './education.controller';
import { EducationWorker } from './education.worker';
import { EducationRepository } from './persistence/education.repository';
import { EducationTimerRepository } from './persistence/education-timer.repository';
import { ReadEducationPage } from './queries/read-education-page';

@Module({
  controllers: [EducationController, EducationPageController, EducationConsumer],
  providers: [AppointmentRepository, PatientRepository, StepOutcomeRepository, EducationRepository, EducationTimerRepository, KeepEducation, PlanEducation, SendEducation, ReadEducationPage, EducationWorker],
})
export class EducationModule {}
