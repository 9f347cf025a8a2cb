import { setImmediate } from 'node:timers/promises';
import { type Instant, type LocalDate, addDays, localDateOf } from '@slotmesh/kernel';
import { rangeOfDays } from '../availability/domain/working-hours';
import type { Offered } from '../openings/persistence/opening-directory';

/** The dates of a range, both inclusive, on which anybody works at the sites of these, on the wall of each; closed days are none. */
export async function openDays(offered: readonly Offered[], first: LocalDate, last: LocalDate): Promise<ReadonlySet<LocalDate>> {
  const calendars = [...new Map(offered.map(({ weeks, offering: { zone } }) => [weeks, zone]))];
  const open = new Set<LocalDate>();
  for (const [weeks, zone] of calendars) {
    // Why: there may be a thousand, and bookings are answered by the same thread.
    await setImmediate();
    for (const { start, end } of weeks.open(rangeOfDays(first, last, zone))) {
      for (let date = localDateOf(start, zone); date <= localDateOf((end - 1) as Instant, zone); date = addDays(date, 1)) open.add(date);
    }
  }
  return open;
}
