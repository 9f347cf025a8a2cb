import { CreateScheduling20261123180000 } from './20261123180000-create-scheduling';
import { CreateFeeds20261123190000 } from './20261123190000-create-feeds';
import { CreatePatientPage20261126220500 } from './20261126220500-create-patient-page';
import { CreateWaitlist20261126223000 } from './20261126223000-create-waitlist';
import { CreateReferrals20261126223500 } from './20261126223500-create-referrals';
import { CountGuessesPerPatient20261126234700 } from './20261126234700-count-guesses-per-patient';
import { NameWhatVisitsNeed20261127010000 } from './20261127010000-name-what-visits-need';
import { KeepWhatPatientsNeed20261127010100 } from './20261127010100-keep-what-patients-need';
import { LetSessionsOverbook20261127010200 } from './20261127010200-let-sessions-overbook';
import { AddPolicies20261127011000 } from './20261127011000-add-policies';
import { CreateSeries20261127012000 } from './20261127012000-create-series';
import { PublishOpenings20261127013000 } from './20261127013000-publish-openings';
import { SendWebhooks20261127013500 } from './20261127013500-send-webhooks';
import { CreatePracticeChanges20261127014000 } from './20261127014000-create-practice-changes';
import { ReadCalendarsFast20261127014500 } from './20261127014500-read-calendars-fast';
import { CreateReopenedTime20261127015000 } from './20261127015000-create-reopened-time';
import { LetWaitingEnd20261127015100 } from './20261127015100-let-waiting-end';
import { CreateAbsences20261127016000 } from './20261127016000-create-absences';
import { NumberChangesWhenTheyAreRead20261127040000 } from './20261127040000-number-changes-when-they-are-read';
import { KeepBlocksForVisitTypes20261127041000 } from './20261127041000-keep-blocks-for-visit-types';
import { CreateGroupSessions20261127041100 } from './20261127041100-create-group-sessions';
import { LetPeopleWalkIn20261127041200 } from './20261127041200-let-people-walk-in';
import { KeepOverbookWithHolds20261127042000 } from './20261127042000-keep-overbook-with-holds';
import { LinkVisits20261127042100 } from './20261127042100-link-visits';
import { MarkLateAndMissedVisits20261127043000 } from './20261127043000-mark-late-and-missed-visits';
import { SealNotesOfAbsences20261127043100 } from './20261127043100-seal-notes-of-absences';
import { RememberBookingReferrals20261127044000 } from './20261127044000-remember-booking-referrals';
import { KeepReplacedManifests20261127044100 } from './20261127044100-keep-replaced-manifests';
import { FindOffersOfPatients20261127050000 } from './20261127050000-find-offers-of-patients';
import { OpenGroupsAhead20261127051000 } from './20261127051000-open-groups-ahead';
import { GiveDatesRules20261127052000 } from './20261127052000-give-dates-rules';
import { OfferAddedHours20261127052010 } from './20261127052010-offer-added-hours';
import { TellCalendars20261127052020 } from './20261127052020-tell-calendars';
import { KeepWaitingConfidential20261127053000 } from './20261127053000-keep-waiting-confidential';
import { RememberWhatWasAsked20261127054000 } from './20261127054000-remember-what-was-asked';
import { SayWhyWaitingEnded20261127060000 } from './20261127060000-say-why-waiting-ended';
import { KeepSeatsWhileTaken20261127060100 } from './20261127060100-keep-seats-while-taken';
import { KeepRefusedTimes20261127060200 } from './20261127060200-keep-refused-times';
import { CountRefusals20261127061300 } from './20261127061300-count-refusals';
import { CreateAgreementVersions20261127150000 } from './20261127150000-create-agreement-versions';
import { CreateExitPlans20261127150010 } from './20261127150010-create-exit-plans';
import { WidenShareRules20261127150100 } from './20261127150100-widen-share-rules';
import { NarrowByProvider20261127150101 } from './20261127150101-narrow-by-provider';
import { KeepLedger20261127150200 } from './20261127150200-keep-ledger';
import { CreateCostStatements20261127150300 } from './20261127150300-create-cost-statements';
import { CreateDecisions20261127150400 } from './20261127150400-create-decisions';
import { LetPeopleLookInEmergencies20261127150410 } from './20261127150410-let-people-look-in-emergencies';
import { CreateDisputes20261127150420 } from './20261127150420-create-disputes';
import { DisputeStandards20261127150430 } from './20261127150430-dispute-standards';
import { LetPatientsRestrictSharing20261127150500 } from './20261127150500-let-patients-restrict-sharing';
import { SayWhyDisclosed20261127150501 } from './20261127150501-say-why-disclosed';
import { CheckWhatDataIsShared20261127150502 } from './20261127150502-check-what-data-is-shared';
import { AskForSharedDataInAnEmergency20261127150600 } from './20261127150600-ask-for-shared-data-in-an-emergency';
import { AskBeforePartnersVisits20261127151000 } from './20261127151000-ask-before-partners-visits';
import { LogDeskWork20261127151100 } from './20261127151100-log-desk-work';
import { KeepSensitiveNames20261127151200 } from './20261127151200-keep-sensitive-names';
import { KnowRepresentativesPhones20261128030000 } from './20261128030000-know-representatives-phones';
import { LiftMarksAfterFailedReminders20261128090000 } from './20261128090000-lift-marks-after-failed-reminders';
import { KeepFeedback20261128100000 } from './20261128100000-keep-feedback';
import { KnowWhenTextsAreRead20261128100100 } from './20261128100100-know-when-texts-are-read';
import { TellEveryRecordOfRepresentatives20261128120000 } from './20261128120000-tell-every-record-of-representatives';
import { StateSupply20261128130000 } from './20261128130000-state-supply';
import { TakeAccess20261128131000 } from './20261128131000-take-access';
import { CountEmptySearches20261128132000 } from './20261128132000-count-empty-searches';
import { KnowFirstRequests20261128140000 } from './20261128140000-know-first-requests';

export const migrations = [
  CreateScheduling20261123180000,
  CreateFeeds20261123190000,
  CreatePatientPage20261126220500,
  CreateWaitlist20261126223000,
  CreateReferrals20261126223500,
  CountGuessesPerPatient20261126234700,
  NameWhatVisitsNeed20261127010000,
  KeepWhatPatientsNeed20261127010100,
  LetSessionsOverbook20261127010200,
  AddPolicies20261127011000,
  CreateSeries20261127012000,
  PublishOpenings20261127013000,
  SendWebhooks20261127013500,
  CreatePracticeChanges20261127014000,
  ReadCalendarsFast20261127014500,
  CreateReopenedTime20261127015000,
  LetWaitingEnd20261127015100,
  CreateAbsences20261127016000,
  NumberChangesWhenTheyAreRead20261127040000,
  KeepBlocksForVisitTypes20261127041000,
  CreateGroupSessions20261127041100,
  LetPeopleWalkIn20261127041200,
  KeepOverbookWithHolds20261127042000,
  LinkVisits20261127042100,
  MarkLateAndMissedVisits20261127043000,
  SealNotesOfAbsences20261127043100,
  RememberBookingReferrals20261127044000,
  KeepReplacedManifests20261127044100,
  FindOffersOfPatients20261127050000,
  OpenGroupsAhead20261127051000,
  GiveDatesRules20261127052000,
  OfferAddedHours20261127052010,
  TellCalendars20261127052020,
  KeepWaitingConfidential20261127053000,
  RememberWhatWasAsked20261127054000,
  SayWhyWaitingEnded20261127060000,
  KeepSeatsWhileTaken20261127060100,
  KeepRefusedTimes20261127060200,
  CountRefusals20261127061300,
  CreateAgreementVersions20261127150000,
  CreateExitPlans20261127150010,
  WidenShareRules20261127150100,
  NarrowByProvider20261127150101,
  KeepLedger20261127150200,
  CreateCostStatements20261127150300,
  CreateDecisions20261127150400,
  LetPeopleLookInEmergencies20261127150410,
  CreateDisputes20261127150420,
  DisputeStandards20261127150430,
  LetPatientsRestrictSharing20261127150500,
  SayWhyDisclosed20261127150501,
  CheckWhatDataIsShared20261127150502,
  AskForSharedDataInAnEmergency20261127150600,
  AskBeforePartnersVisits20261127151000,
  LogDeskWork20261127151100,
  KeepSensitiveNames20261127151200,
  KnowRepresentativesPhones20261128030000,
  LiftMarksAfterFailedReminders20261128090000,
  KeepFeedback20261128100000,
  KnowWhenTextsAreRead20261128100100,
  TellEveryRecordOfRepresentatives20261128120000,
  StateSupply20261128130000,
  TakeAccess20261128131000,
  CountEmptySearches20261128132000,
  KnowFirstRequests20261128140000,
];
