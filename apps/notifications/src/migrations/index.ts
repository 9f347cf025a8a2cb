import { CreateNotifications1795456800000 } from './1795456800000-create-notifications';
import { TellWhenCancellingIsFree1795753800000 } from './1795753800000-tell-when-cancelling-is-free';
import { TellWhatAnOfferGivesUp1795755000000 } from './1795755000000-tell-what-an-offer-gives-up';
import { KeepWhatIsSensitive1795792320000 } from './1795792320000-keep-what-is-sensitive';
import { KnowRecalls1795830100000 } from './1795830100000-know-recalls';
import { KeepWhereAMessageLeads1795830110000 } from './1795830110000-keep-where-a-message-leads';

export const migrations = [CreateNotifications1795456800000, TellWhenCancellingIsFree1795753800000, TellWhatAnOfferGivesUp1795755000000, KeepWhatIsSensitive1795792320000, KnowRecalls1795830100000, KeepWhereAMessageLeads1795830110000];
