import { CreateScheduling20261123180000 } from './20261123180000-create-scheduling';
import { CreateFeeds20261123190000 } from './20261123190000-create-feeds';
import { CreatePatientPage20261126220500 } from './20261126220500-create-patient-page';
import { CreateWaitlist20261126223000 } from './20261126223000-create-waitlist';
import { CreateReferrals20261126223500 } from './20261126223500-create-referrals';
import { CountGuessesPerPatient20261126234700 } from './20261126234700-count-guesses-per-patient';
import { NameWhatVisitsNeed20261127010000 } from './20261127010000-name-what-visits-need';
import { KeepWhatPatientsNeed20261127010100 } from './20261127010100-keep-what-patients-need';
import { LetSessionsOverbook20261127010200 } from './20261127010200-let-sessions-overbook';
import { ReadCalendarsFast20261127014000 } from './20261127014000-read-calendars-fast';

export const migrations = [CreateScheduling20261123180000, CreateFeeds20261123190000, CreatePatientPage20261126220500, CreateWaitlist20261126223000, CreateReferrals20261126223500, CountGuessesPerPatient20261126234700, NameWhatVisitsNeed20261127010000, KeepWhatPatientsNeed20261127010100, LetSessionsOverbook20261127010200, ReadCalendarsFast20261127014000];
