import { type LocalDate, parseLocalDate } from '@slotmesh/kernel';
import Holidays from 'date-holidays';

const calendar = new Holidays('US');

/** The public holidays of the United States and their observed days from one date to another, both inclusive. */
export function usHolidays(first: LocalDate, last: LocalDate): ReadonlySet<LocalDate> {
  const found = new Set<LocalDate>();
  // Why the year after: New Year's Day on a Saturday is observed on 31 December.
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)) + 1; year++) {
    for (const { type, date } of calendar.getHolidays(year)) if (type === 'public') found.add(parseLocalDate(date.slice(0, 10)));
  }
  return new Set([...found].filter((date) => date >= first && date <= last));
}
