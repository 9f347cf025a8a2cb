import { mean } from './mean';
import { type Series, type Slot, usualBackwards } from './series';

const NEIGHBOURS = 8;
/** Half of a day, and all of a holiday on which people work, until the series itself has shown more. */
const HALF_DAY_UNSEEN = 0.5;
const HOLIDAY_UNSEEN = 1;

/** What the slot's kind leaves of a usual value: 0 where closed; for half-days and holidays what earlier ones had beside the usual slots of their place before them. */
export function shareOfUsual(known: Series): (slot: Slot | undefined) => number {
  const halfDay = seenShare(known, (slot) => slot.halfDay) ?? HALF_DAY_UNSEEN;
  const holiday = seenShare(known, (slot) => slot.holiday && !slot.halfDay) ?? HOLIDAY_UNSEEN;
  return (slot) => (!slot || slot.closed ? 0 : slot.halfDay ? halfDay : slot.holiday ? holiday : 1);
}

function seenShare(known: Series, isOfKind: (slot: Slot) => boolean): number | null {
  const shares: number[] = [];
  known.values.forEach((value, i) => {
    const slot = known.slots[i];
    if (!slot || value === null || slot.closed || !isOfKind(slot)) return;
    const usual = lastUsual(known, slot.place, NEIGHBOURS, i);
    if (usual > 0) shares.push(value / usual);
  });
  return shares.length > 0 ? mean(shares) : null;
}

/** Mean of the last `count` usual values of a place; of any place where it has none yet; 0 without any. */
export function lastUsual(known: Series, place: number, count: number, before?: number): number {
  const found = take(usualBackwards(known, place, before), count);
  return mean(found.length > 0 ? found : take(usualBackwards(known, undefined, before), count));
}

function take(values: Iterable<number>, count: number): number[] {
  const taken: number[] = [];
  for (const value of values) {
    taken.push(value);
    if (taken.length === count) break;
  }
  return taken;
}
