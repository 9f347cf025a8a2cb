import { CreateNotifications1795456800000 } from './1795456800000-create-notifications';
import { TellWhenCancellingIsFree1795753800000 } from './1795753800000-tell-when-cancelling-is-free';

export const migrations = [CreateNotifications1795456800000, TellWhenCancellingIsFree1795753800000];
