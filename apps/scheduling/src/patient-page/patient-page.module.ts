import { type DynamicModule, Module } from '@nestjs/common';
import { AbsenceRepository } from '../absences/persistence/absence.repository';
import { OpeningsModule } from '../openings/openings.module';
import { AnswerOffer } from './commands/answer-offer';
import { CancelVisit } from './commands/cancel-visit';
import { ChangeVisit } from './commands/change-visit';
import { ConfirmVisit } from './commands/confirm-visit';
import { IssueMessageLinks } from './commands/issue-message-links';
import { IssuePatientLink } from './commands/issue-patient-link';
import { MoveVisit } from './commands/move-visit';
import { OpenPage } from './commands/open-page';
import { LinkedVisits } from './linked-visits';
import { MessageLinksController } from './message-links.controller';
import { PageAnswers } from './page-answers';
import { PageRefusals } from './page-refusals';
import { PageRights } from './page-rights';
import { PageSessions } from './page-sessions';
import { PatientLinksController } from './patient-links.controller';
import { PatientLinks, pageKey } from './patient-links';
import { PatientOffersController } from './patient-offers.controller';
import { PatientPageController } from './patient-page.controller';
import { AttemptsRepository } from './persistence/attempts.repository';
import { ConfidentialVisitsRepository } from './persistence/confidential-visits.repository';
import { RefusedTimesRepository } from './persistence/refused-times.repository';
import { PageOffersRepository } from './persistence/page-offers.repository';
import { VisitPlaceRepository } from './persistence/visit-place.repository';
import { FindOtherTimes } from './queries/find-other-times';
import { ReadVisit } from './queries/read-visit';

/** The patient's own page of a visit, and the links to it. */
@Module({})
export class PatientPageModule {
  static with(config: { readonly MASTER_KEY: Buffer; readonly PUBLIC_URL: string }, patients: DynamicModule, appointments: DynamicModule, waitlist: DynamicModule): DynamicModule {
    return {
      module: PatientPageModule,
      imports: [OpeningsModule, patients, appointments, waitlist],
      controllers: [PatientLinksController, MessageLinksController, PatientPageController, PatientOffersController],
      providers: [
        { provide: PatientLinks, useFactory: () => new PatientLinks(pageKey(config.MASTER_KEY, 'links'), config.PUBLIC_URL) },
        { provide: PageSessions, useFactory: () => new PageSessions(pageKey(config.MASTER_KEY, 'sessions'), config.PUBLIC_URL.startsWith('https:')) },
        AbsenceRepository, LinkedVisits, PageRights, PageRefusals, PageAnswers, VisitPlaceRepository, AttemptsRepository, ReadVisit, FindOtherTimes, OpenPage, ChangeVisit, ConfirmVisit, MoveVisit, CancelVisit, PageOffersRepository, ConfidentialVisitsRepository, RefusedTimesRepository, AnswerOffer, IssuePatientLink, IssueMessageLinks,
      ],
    };
  }
}
