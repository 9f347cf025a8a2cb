import { CreateNotifications1795456800000 } from './1795456800000-create-notifications';
import { TellWhenCancellingIsFree1795753800000 } from './1795753800000-tell-when-cancelling-is-free';
import { TellWhatAnOfferGivesUp1795755000000 } from './1795755000000-tell-what-an-offer-gives-up';
import { KeepWhatIsSensitive1795792320000 } from './1795792320000-keep-what-is-sensitive';
import { KeepWhatWasConsented1795805000000 } from './1795805000000-keep-what-was-consented';
import { KeepWhatTextsCost1795806000000 } from './1795806000000-keep-what-texts-cost';
import { KeepTemplatesOfPractices1795810000000 } from './1795810000000-keep-templates-of-practices';
import { KeepMailThatComesBack1795810010000 } from './1795810010000-keep-mail-that-comes-back';
import { GuardSenders1795820000000 } from './1795820000000-guard-senders';
import { KnowRecalls1795830100000 } from './1795830100000-know-recalls';
import { KeepWhereAMessageLeads1795830110000 } from './1795830110000-keep-where-a-message-leads';
import { JoinVisitsOfOnePhone1795860000000 } from './1795860000000-join-visits-of-one-phone';
import { CountLooksWithoutAnswer1795861000000 } from './1795861000000-count-looks-without-answer';
import { MarkWhatIsStale1795870000000 } from './1795870000000-mark-what-is-stale';

export const migrations = [
  CreateNotifications1795456800000,
  TellWhenCancellingIsFree1795753800000,
  TellWhatAnOfferGivesUp1795755000000,
  KeepWhatIsSensitive1795792320000,
  KeepWhatWasConsented1795805000000,
  KeepWhatTextsCost1795806000000,
  KeepTemplatesOfPractices1795810000000,
  KeepMailThatComesBack1795810010000,
  GuardSenders1795820000000,
  KnowRecalls1795830100000,
  KeepWhereAMessageLeads1795830110000,
  JoinVisitsOfOnePhone1795860000000,
  CountLooksWithoutAnswer1795861000000,
  MarkWhatIsStale1795870000000,
];
