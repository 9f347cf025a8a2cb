import { addDays, daysBetween, type LocalDate, weekdayOf } from '@slotmesh/kernel';
import { type CalendarDay } from './series';
import { usHolidays } from './us-holidays';

/** When a practice is open, by the time that its providers have. */
export interface StatedSupply {
  /** Scheduled minutes of all providers, by date. */
  readonly minutes: ReadonlyMap<LocalDate, number>;
  /** The last date of which anything was stated; null where nothing ever was. */
  readonly statedTo: LocalDate | null;
}

/** Earlier dates of the weekday that say what is usual, and how many it takes. */
const USUAL = { most: 13, least: 4 };
/** Weeks that say whether a weekday is open on dates of which nothing is stated yet. */
const UNSTATED_WEEKS = 8;

/**
 * What the calendar says of each date from one to another: closed without scheduled time, a half-day with half of what was usual on that weekday before, or less. A date behind the last stated one is open where its weekday was in most of the
 * last eight stated weeks.
 */
export function openingDays({ minutes, statedTo }: StatedSupply, first: LocalDate, last: LocalDate): CalendarDay[] {
  const holidays = usHolidays(first, last);
  const earlier = new Map<number, number[]>();
  return datesBetween(first, last).map((date) => {
    const before = earlier.get(weekdayOf(date)) ?? [];
    const here = minutes.get(date) ?? 0;
    const isStated = statedTo !== null && date <= statedTo;
    const closed = isStated ? here === 0 : statedTo === null || !wasOpen(minutes, date, statedTo);
    const halfDay = isStated && !closed && before.length >= USUAL.least && here <= medianOf(before) / 2;
    if (isStated && !closed) earlier.set(weekdayOf(date), [...before, here].slice(-USUAL.most));
    return { date, closed, halfDay, holiday: !closed && holidays.has(date) };
  });
}

function wasOpen(minutes: StatedSupply['minutes'], date: LocalDate, statedTo: LocalDate): boolean {
  const back = Math.ceil(Math.max(0, daysBetween(statedTo, date)) / 7) * 7;
  const weeks = Array.from({ length: UNSTATED_WEEKS }, (_, week) => minutes.get(addDays(date, -back - 7 * week)) ?? 0);
  return weeks.filter((there) => there > 0).length * 2 >= UNSTATED_WEEKS;
}

export const datesBetween = (first: LocalDate, last: LocalDate): LocalDate[] => Array.from({ length: Math.max(0, daysBetween(first, last) + 1) }, (_, day) => addDays(first, day));

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}
