import { CreateNotifications1795456800000 } from './1795456800000-create-notifications';

export const migrations = [CreateNotifications1795456800000];
