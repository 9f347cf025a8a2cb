import { type DynamicModule, Module } from '@nestjs/common';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { OpeningsModule } from '../openings/openings.module';
import { ChangeReferral } from './commands/change-referral';
import { RecordChoice } from './commands/record-choice';
import { SendReferral } from './commands/send-referral';
import { StepReferral } from './commands/step-referral';
import { ReferralRepository } from './persistence/referral.repository';
import { FindOptions } from './queries/find-options';
import { ReadReferrals } from './queries/read-referrals';
import { ReferralTexts } from './referral-texts';
import { ReferralVisits } from './referral-visits';
import { ReferralsController } from './referrals.controller';

/** `ReferralVisits` is what a visit needs of its referral; `ReadReferrals` also answers in FHIR. */
@Module({})
export class ReferralsModule {
  /** `patients` gives HostRecords, PatientRepository and PatientVault. */
  static with(patients: DynamicModule): DynamicModule {
    return {
      module: ReferralsModule,
      imports: [OpeningsModule, patients],
      controllers: [ReferralsController],
      providers: [AgreementRepository, ReferralRepository, ReferralTexts, ChangeReferral, SendReferral, StepReferral, RecordChoice, FindOptions, ReadReferrals, ReferralVisits],
      exports: [ReferralVisits, ReadReferrals],
    };
  }
}
