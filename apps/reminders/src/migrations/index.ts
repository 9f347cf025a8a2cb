import { CreateReminders1795449600000 } from './1795449600000-create-reminders';
import { CallAboutOffers1795744260000 } from './1795744260000-call-about-offers';
import { CallWithProposals1795753860000 } from './1795753860000-call-with-proposals';
import { PlansThatPeopleEdit1795800000000 } from './1795800000000-plans-that-people-edit';
import { RecallPatients1795830000000 } from './1795830000000-recall-patients';
import { KeepFailedReminders1795830010000 } from './1795830010000-keep-failed-reminders';
import { EducateBeforeVisits1795830020000 } from './1795830020000-educate-before-visits';
import { ComparePlans1795840000000 } from './1795840000000-compare-plans';
import { KnowTextOnlyPatients1795862000000 } from './1795862000000-know-text-only-patients';

export const migrations = [
  CreateReminders1795449600000,
  CallAboutOffers1795744260000,
  CallWithProposals1795753860000,
  PlansThatPeopleEdit1795800000000,
  RecallPatients1795830000000,
  KeepFailedReminders1795830010000,
  EducateBeforeVisits1795830020000,
  ComparePlans1795840000000,
  KnowTextOnlyPatients1795862000000,
];
