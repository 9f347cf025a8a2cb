import { formatInstant } from '@slotmesh/kernel';
import type { Hold } from './domain/hold';

export const viewOfHold = (hold: Hold) => ({ id: hold.id, opening: hold.opening, practice: hold.host, start: formatInstant(hold.start), end: formatInstant(hold.end), expiresAt: formatInstant(hold.expiresAt) });
