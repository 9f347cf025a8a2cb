import { CreateScheduling20261123180000 } from './20261123180000-create-scheduling';
import { CreateFeeds20261123190000 } from './20261123190000-create-feeds';
import { CreatePatientPage20261126220500 } from './20261126220500-create-patient-page';
import { CreateWaitlist20261126223000 } from './20261126223000-create-waitlist';
import { CreateReferrals20261126223500 } from './20261126223500-create-referrals';
import { CountGuessesPerPatient20261126234700 } from './20261126234700-count-guesses-per-patient';
import { CreateAbsences20261127016000 } from './20261127016000-create-absences';

export const migrations = [CreateScheduling20261123180000, CreateFeeds20261123190000, CreatePatientPage20261126220500, CreateWaitlist20261126223000, CreateReferrals20261126223500, CountGuessesPerPatient20261126234700, CreateAbsences20261127016000];
