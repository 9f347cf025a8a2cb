import { CreateReminders1795449600000 } from './1795449600000-create-reminders';

export const migrations = [CreateReminders1795449600000];
