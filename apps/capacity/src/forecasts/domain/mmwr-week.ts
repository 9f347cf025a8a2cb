import { addDays, type LocalDate, parseLocalDate } from '@slotmesh/kernel';
import { weekday } from './series';

/** The Sunday on which a week of the US calendar of reporting begins: week 1 is the first with four days or more in the year (CDC, MMWR weeks). Null where the year has no such week. */
export function mmwrWeekStart(year: number, week: number): LocalDate | null {
  if (!Number.isInteger(year) || !Number.isInteger(week) || year < 1900 || year > 2199 || week < 1 || week > 53) return null;
  const start = addDays(firstWeek(year), (week - 1) * 7);
  return start < firstWeek(year + 1) ? start : null;
}

/** The week with the fourth of January in it. */
function firstWeek(year: number): LocalDate {
  const fourth = parseLocalDate(`${year}-01-04`);
  return addDays(fourth, -((weekday(fourth) + 1) % 7));
}
