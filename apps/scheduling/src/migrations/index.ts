import { CreateScheduling20261123180000 } from './20261123180000-create-scheduling';
import { CreateFeeds20261123190000 } from './20261123190000-create-feeds';
import { CreatePatientPage20261126220500 } from './20261126220500-create-patient-page';
import { CreateWaitlist20261126223000 } from './20261126223000-create-waitlist';
import { CreateReferrals20261126223500 } from './20261126223500-create-referrals';
import { CountGuessesPerPatient20261126234700 } from './20261126234700-count-guesses-per-patient';
import { PublishOpenings20261127013000 } from './20261127013000-publish-openings';
import { SendWebhooks20261127013500 } from './20261127013500-send-webhooks';

export const migrations = [CreateScheduling20261123180000, CreateFeeds20261123190000, CreatePatientPage20261126220500, CreateWaitlist20261126223000, CreateReferrals20261126223500, CountGuessesPerPatient20261126234700, PublishOpenings20261127013000, SendWebhooks20261127013500];
