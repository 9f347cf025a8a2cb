import type { LocalDate } from '@slotmesh/kernel';
import { rangeOfDays } from '../availability/domain/working-hours';
import type { Offered } from '../openings/persistence/opening-directory';

/** Whether anybody works on a date at the sites of these, on the wall of each; closed days are none. */
export function openDays(offered: readonly Offered[]): (date: LocalDate) => boolean {
  const calendars = [...new Map(offered.map(({ weeks, offering: { zone } }) => [weeks, zone]))];
  const known = new Map<LocalDate, boolean>();
  return (date) => {
    let isOpen = known.get(date);
    if (isOpen === undefined) known.set(date, (isOpen = calendars.some(([weeks, zone]) => weeks.open(rangeOfDays(date, date, zone)).length > 0)));
    return isOpen;
  };
}
