import { CreateScheduling20261123180000 } from './20261123180000-create-scheduling';
import { CreateFeeds20261123190000 } from './20261123190000-create-feeds';
import { CreateWaitlist20261126223000 } from './20261126223000-create-waitlist';

export const migrations = [CreateScheduling20261123180000, CreateFeeds20261123190000, CreateWaitlist20261126223000];
