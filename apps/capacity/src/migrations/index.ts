import { CreateCapacity1795449600000 } from './1795449600000-create-capacity';
import { CreateOfferRounds1795744200000 } from './1795744200000-create-offer-rounds';
import { KeepSensitiveServices1795792320000 } from './1795792320000-keep-sensitive-services';
import { CountMessages1795850100000 } from './1795850100000-count-messages';
import { CountVisitsAndSupply1795900000000 } from './1795900000000-count-visits-and-supply';
import { CountSharedVisitsByMonth1795900400000 } from './1795900400000-count-shared-visits-by-month';

export const migrations = [CreateCapacity1795449600000, CreateOfferRounds1795744200000, KeepSensitiveServices1795792320000, CountMessages1795850100000, CountVisitsAndSupply1795900000000, CountSharedVisitsByMonth1795900400000];
