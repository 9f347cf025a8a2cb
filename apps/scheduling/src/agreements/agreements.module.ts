import { Module } from '@nestjs/common';
import { PartnershipsModule } from '../partnerships/partnerships.module';
import { AgreementSweeper } from './agreement.sweeper';
import { AgreementTermsOf } from './agreement-terms-of';
import { AgreementsController } from './agreements.controller';
import { AmendAgreement } from './commands/amend-agreement';
import { ApproveAgreement } from './commands/approve-agreement';
import { ChangeDraft } from './commands/change-draft';
import { ComeIntoForce } from './commands/come-into-force';
import { DeclineAgreement } from './commands/decline-agreement';
import { DraftAgreement } from './commands/draft-agreement';
import { ProposeAgreement } from './commands/propose-agreement';
import { TerminateAgreement } from './commands/terminate-agreement';
import { AgreementVersionRepository } from './persistence/agreement-version.repository';
import { ReadAgreements } from './queries/read-agreements';

@Module({
  imports: [PartnershipsModule],
  controllers: [AgreementsController],
  providers: [AgreementVersionRepository, AgreementTermsOf, ReadAgreements, DraftAgreement, AmendAgreement, ChangeDraft, ProposeAgreement, ApproveAgreement, DeclineAgreement, TerminateAgreement, ComeIntoForce, AgreementSweeper],
  exports: [AgreementVersionRepository, AgreementTermsOf],
})
export class AgreementsModule {}
