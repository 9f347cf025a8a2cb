import { CreateCapacity1795449600000 } from './1795449600000-create-capacity';

export const migrations = [CreateCapacity1795449600000];
