import { addDays, type LocalDate, weekdayOf } from '@slotmesh/kernel';
import Holidays from 'date-holidays';

export interface PublicHoliday {
  readonly date: LocalDate;
  readonly name: string;
  /** True on the weekday that stands in for a holiday on a Saturday (the Friday before) or Sunday (the Monday after); 5 U.S.C. 6103(b). */
  readonly observed: boolean;
}

/** The federal holidays of the United States and their observed days from one date to another, both inclusive, in order. */
export const federalHolidays = (first: LocalDate, last: LocalDate): PublicHoliday[] => publicHolidays(first, last, null);

/**
 * The public holidays that a state keeps (`MA`: also Patriots' Day; not every state keeps every federal one), with observed days.
 * An unknown state throws RangeError.
 */
export function publicHolidays(first: LocalDate, last: LocalDate, state: string | null): PublicHoliday[] {
  const found: PublicHoliday[] = [];
  // Why the years around: New Year's Day on a Saturday is observed on 31 December of the year before.
  for (let year = Number(first.slice(0, 4)) - 1; year <= Number(last.slice(0, 4)) + 1; year += 1) found.push(...ofYear(year, state));
  const unique = new Map(found.map((holiday) => [`${holiday.date} ${holiday.name} ${holiday.observed}`, holiday]));
  return [...unique.values()].filter(({ date }) => date >= first && date <= last).sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

const years = new Map<string, readonly PublicHoliday[]>();

function ofYear(year: number, state: string | null): readonly PublicHoliday[] {
  const key = `${state ?? ''}/${year}`;
  const known = years.get(key);
  if (known) return known;
  const listed = calendarOf(state)
    .getHolidays(year)
    .filter((holiday) => holiday.type === 'public')
    .map((holiday): PublicHoliday => ({ date: holiday.date.slice(0, 10) as LocalDate, name: holiday.name.replace(' (substitute day)', ''), observed: holiday.substitute === true }));
  const holidays = listed.some((holiday) => holiday.name === VETERANS_DAY && !holiday.observed) ? [...listed, ...observedVeteransDay(year)] : listed;
  years.set(key, holidays);
  return holidays;
}

const VETERANS_DAY = 'Veterans Day';
/** Why: the library knows no observed day for 11 November, but 5 U.S.C. 6103(b) gives it one (Friday 10 November 2023). */
function observedVeteransDay(year: number): PublicHoliday[] {
  const date = `${year}-11-11` as LocalDate;
  const shift = { 6: -1, 7: 1 }[weekdayOf(date)];
  return shift === undefined ? [] : [{ date: addDays(date, shift), name: VETERANS_DAY, observed: true }];
}

function calendarOf(state: string | null): Holidays {
  if (state !== null && !(state in (new Holidays().getStates('US') ?? {}))) throw new RangeError(`not a state of the United States: ${state}`);
  return state === null ? new Holidays('US') : new Holidays('US', state);
}
