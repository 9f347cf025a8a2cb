import { type DynamicModule, Module } from '@nestjs/common';
import { HoldsModule } from '../holds/holds.module';
import { OpeningsModule } from '../openings/openings.module';
import { AppointmentsController } from './appointments.controller';
import { ApplyPatientAnswer } from './commands/apply-patient-answer';
import { BookAppointment } from './commands/book-appointment';
import { CancelAppointment } from './commands/cancel-appointment';
import { ChangeAppointment } from './commands/change-appointment';
import { RescheduleAppointment } from './commands/reschedule-appointment';
import { StepAppointment } from './commands/step-appointment';
import { TakePersonTime } from './commands/take-person-time';
import { TakeVisitTime } from './commands/take-visit-time';
import { ChainGaps } from '../visit-chains/chain-gaps';
import { VisitChainRepository } from '../visit-chains/persistence/visit-chain.repository';
import { RefusalCounts } from '../shared/refusal-counts';
import { OverlapRefusals } from './overlap-refusals';
import { PatientAnswersConsumer } from './patient-answers.consumer';
import { AppointmentRepository } from './persistence/appointment.repository';

@Module({})
export class AppointmentsModule {
  /** `patients` gives HostRecords and PatientRepository, `referrals` ReferralVisits. */
  static with(patients: DynamicModule, referrals: DynamicModule): DynamicModule {
    return {
      module: AppointmentsModule,
      imports: [OpeningsModule, HoldsModule, patients, referrals],
      controllers: [AppointmentsController, PatientAnswersConsumer],
      providers: [AppointmentRepository, VisitChainRepository, ChainGaps, TakePersonTime, TakeVisitTime, ChangeAppointment, BookAppointment, RescheduleAppointment, CancelAppointment, StepAppointment, ApplyPatientAnswer, RefusalCounts, OverlapRefusals],
      exports: [AppointmentRepository, VisitChainRepository, ChainGaps, TakeVisitTime, BookAppointment, RescheduleAppointment, CancelAppointment, StepAppointment, ChangeAppointment, RefusalCounts, OverlapRefusals],
    };
  }
}
