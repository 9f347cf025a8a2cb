import { addDays, type LocalDate, parseLocalDate } from '@slotmesh/kernel';
import { type CalendarDay, type Season, type Series, seriesOf, weekday } from '../src/forecasts/domain/series';

const MONDAY = parseLocalDate('2024-01-01');

/** A series that begins on a Monday, with a calendar that reaches `ahead` slots beyond the values; `days` says what is special, by the slot's number. */
export function someSeries(season: Season, values: readonly (number | null)[], ahead = 0, days: Readonly<Record<number, Partial<CalendarDay>>> = {}, booked?: Series['booked']): Series {
  const calendar: CalendarDay[] = [];
  for (let date = MONDAY; calendar.length < values.length + ahead; date = next(season, date)) calendar.push({ date, closed: false, halfDay: false, holiday: false, ...days[calendar.length] });
  return seriesOf(season, calendar, values, booked);
}
const next = (season: Season, date: LocalDate): LocalDate => addDays(date, season === 52 ? 7 : season === 5 && weekday(date) === 4 ? 3 : 1);
