import { CreateCapacity1795449600000 } from './1795449600000-create-capacity';
import { CreateOfferRounds1795744200000 } from './1795744200000-create-offer-rounds';
import { KeepSensitiveServices1795792320000 } from './1795792320000-keep-sensitive-services';
import { CountMessages1795850100000 } from './1795850100000-count-messages';
import { CountVisitsAndSupply1795900000000 } from './1795900000000-count-visits-and-supply';
import { TryWhatIfs1795900100000 } from './1795900100000-try-what-ifs';
import { KeepTrials1795900110000 } from './1795900110000-keep-trials';
import { KnowWhenVisitsSettled1795900200000 } from './1795900200000-know-when-visits-settled';
import { KeepQuotaPlans1795900300000 } from './1795900300000-keep-quota-plans';
import { CountSharedVisitsByMonth1795900400000 } from './1795900400000-count-shared-visits-by-month';
import { KeepNoShowModels1795900500000 } from './1795900500000-keep-no-show-models';
import { KeepRecommendations1795900600000 } from './1795900600000-keep-recommendations';
import { TellThirdPartiesLess1795910000000 } from './1795910000000-tell-third-parties-less';
import { PlanFromWhatIsKnown1795912000000 } from './1795912000000-plan-from-what-is-known';
import { LookAtPartnerships1795912100000 } from './1795912100000-look-at-partnerships';
import { KeepNoShowAlarms1795914000000 } from './1795914000000-keep-no-show-alarms';

export const migrations = [
  CreateCapacity1795449600000,
  CreateOfferRounds1795744200000,
  KeepSensitiveServices1795792320000,
  CountMessages1795850100000,
  CountVisitsAndSupply1795900000000,
  TryWhatIfs1795900100000,
  KeepTrials1795900110000,
  KnowWhenVisitsSettled1795900200000,
  KeepQuotaPlans1795900300000,
  CountSharedVisitsByMonth1795900400000,
  KeepNoShowModels1795900500000,
  KeepRecommendations1795900600000,
  TellThirdPartiesLess1795910000000,
  PlanFromWhatIsKnown1795912000000,
  LookAtPartnerships1795912100000,
  KeepNoShowAlarms1795914000000,
];
