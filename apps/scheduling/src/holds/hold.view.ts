import { formatInstant } from '@slotmesh/kernel';
import type { Hold, PlacedHold } from './domain/hold';

export const viewOfHold = (hold: Hold) => ({ id: hold.id, opening: hold.opening, practice: hold.host, start: formatInstant(hold.start), end: formatInstant(hold.end), expiresAt: formatInstant(hold.expiresAt) });
/** With what its holder has to tell the patient. */
export const viewOfPlacedHold = ({ approval, ...hold }: PlacedHold) => ({ ...viewOfHold(hold), ...(approval === null ? {} : { approval: { ...approval, by: formatInstant(approval.by) } }) });
