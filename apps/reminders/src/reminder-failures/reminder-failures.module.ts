import { Module } from '@nestjs/common';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { PatientRepository } from '../patients/persistence/patient.repository';
import { PlansModule } from '../plans/plans.module';
import { JudgeReminders } from './commands/judge-reminders';
import { ReminderFailureRepository } from './persistence/reminder-failure.repository';
import { ReminderFailureConsumer } from './reminder-failure.consumer';

@Module({ imports: [PlansModule], controllers: [ReminderFailureConsumer], providers: [AppointmentRepository, PatientRepository, ReminderFailureRepository, JudgeReminders] })
export class ReminderFailuresModule {}
