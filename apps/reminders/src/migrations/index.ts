import { CreateReminders1795449600000 } from './1795449600000-create-reminders';
import { CallAboutOffers1795744260000 } from './1795744260000-call-about-offers';
import { CallWithProposals1795753860000 } from './1795753860000-call-with-proposals';
import { PlansThatPeopleEdit1795800000000 } from './1795800000000-plans-that-people-edit';

export const migrations = [CreateReminders1795449600000, CallAboutOffers1795744260000, CallWithProposals1795753860000, PlansThatPeopleEdit1795800000000];
