import { addDays, type LocalDate } from '@slotmesh/kernel';

/** How many slots one season has: weekdays of a week, days of a week, weeks of a year. */
export type Season = 5 | 7 | 52;

/** What a calendar says of a slot (a day or a week) long before it: known for the future, too. */
export interface CalendarDay {
  readonly date: LocalDate;
  /** Nothing takes place. */
  readonly closed: boolean;
  /** Open for a part of the usual time. */
  readonly halfDay: boolean;
  /** Open, and yet no usual slot. */
  readonly holiday: boolean;
}
/** A slot with what follows from the calendar around it. */
export interface Slot extends CalendarDay {
  /** Which one of its season it is, from 0: a weekday, or a week of the year. */
  readonly place: number;
  /** Years since the first of January of the series' first year. */
  readonly years: number;
  readonly beforeClosure: boolean;
  readonly afterClosure: boolean;
  readonly christmas: boolean;
}
/** Values up to a moment, and the calendar of that time and of what follows. A value is null where nobody knows it. */
export interface Series {
  readonly season: Season;
  readonly slots: readonly Slot[];
  readonly values: readonly (number | null)[];
  /** Of each slot, what of its value was booked by the end of the slot 1, 2, .. slots before it; null where nobody knows, or not yet. */
  readonly booked?: readonly (readonly (number | null)[])[];
}

const DAYS_OF_YEAR = 365.25;
/** Days of a week that decide which year a week belongs to: the fourth (MMWR and ISO 8601 alike). */
const MIDDLE_OF_WEEK = 3;

/** A series over consecutive slots; `values` may be shorter than the calendar, which then reaches into the future, where `booked` says what is booked already. */
export function seriesOf(season: Season, days: readonly CalendarDay[], values: readonly (number | null)[], booked?: Series['booked']): Series {
  const firstYear = yearOf(days[0]?.date);
  const slots = days.map((day, i) => {
    const middle = season === 52 ? addDays(day.date, MIDDLE_OF_WEEK) : day.date;
    return {
      ...day,
      place: season === 52 ? Math.min(51, Math.floor(dayOfYear(middle) / 7)) : weekday(day.date) % season,
      years: yearOf(middle) - firstYear + dayOfYear(middle) / DAYS_OF_YEAR,
      beforeClosure: !day.closed && (days[i + 1]?.closed ?? false),
      afterClosure: !day.closed && (days[i - 1]?.closed ?? false),
      christmas: /^\d{4}-(?:12-(?:2|3)|01-0[1-4])/.test(middle),
    };
  });
  return { season, slots, values: values.slice(0, days.length), ...(booked ? { booked } : {}) };
}

/** The series as it was known before slot `origin`: no later value or booking is in it, so nothing made from it can have looked ahead. */
export const knownBefore = (series: Series, origin: number): Series => ({
  ...series,
  values: series.values.slice(0, origin),
  ...(series.booked ? { booked: series.booked.map((counts, at) => (at < origin ? counts : counts.map((count, i) => (at - (i + 1) < origin ? count : null)))) } : {}),
});

/** Whether a slot tells what is usual at its place: open in full, not a holiday. */
export const isUsual = (slot: CalendarDay): boolean => !slot.closed && !slot.halfDay && !slot.holiday;

/** The usual values of the past, the last one first, of one place of the season where it is given. */
export function* usualBackwards(series: Series, place?: number, before = series.values.length): Generator<number> {
  for (let i = before - 1; i >= 0; i--) {
    const slot = series.slots[i];
    const value = series.values[i];
    if (slot && value !== null && value !== undefined && isUsual(slot) && (place === undefined || slot.place === place)) yield value;
  }
}

const yearOf = (date: string | undefined): number => Number(date?.slice(0, 4));
const daysSince1970 = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
const dayOfYear = (date: string): number => daysSince1970(date) - daysSince1970(`${date.slice(0, 4)}-01-01`);
/** 0 is Monday. */
export const weekday = (date: string): number => (daysSince1970(date) + 3) % 7;
