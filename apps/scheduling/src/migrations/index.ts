import { CreateScheduling20261123180000 } from './20261123180000-create-scheduling';

export const migrations = [CreateScheduling20261123180000];
