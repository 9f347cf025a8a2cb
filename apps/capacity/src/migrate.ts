import { runMigrations } from '@slotmesh/persistence';
import { migrations } from './migrations';

void runMigrations('capacity', migrations);
