import { type Closure, type Schedule, openRanges, rangeOfClosure, rangeOfDays } from '../../availability/domain/working-hours';
import { addDays, type LocalDate, MINUTE, type TimeRange, type Zone, intersect, overlaps, subtract } from '@slotmesh/kernel';

/** One date on the wall of the site: 23 or 25 hours long where its clock changes. */
export interface WallDay extends TimeRange {
  readonly date: LocalDate;
  readonly minutes: number;
}

export function wallDays(first: LocalDate, count: number, zone: Zone): WallDay[] {
  return Array.from({ length: count }, (_, i) => {
    const date = addDays(first, i);
    const range = rangeOfDays(date, date, zone);
    return { date, ...range, minutes: (range.end - range.start) / MINUTE };
  });
}

export interface ArrangedDays<Closed> {
  /** When the provider would be there, closures left aside; cut at the edges of the days. */
  readonly hours: readonly TimeRange[];
  readonly closures: readonly (Closed & TimeRange)[];
  /** Buffers included, and also what the provider does at another site. */
  readonly taken: readonly TimeRange[];
  readonly free: readonly TimeRange[];
}

/** Lays hours, closures and taken time over the days. Free is what hours leave when closures and taken time are gone; a start needs more than that (notice, a free room). */
export function arrangeDays<Closed extends { readonly closure: Closure }>(
  days: TimeRange, schedule: Omit<Schedule, 'closures'>, closed: readonly Closed[], taken: readonly TimeRange[], zone: Zone,
): ArrangedDays<Closed> {
  const hours = intersect(openRanges({ ...schedule, closures: [] }, days, zone), [days]);
  const closures = closed.map((one) => ({ ...one, ...rangeOfClosure(one.closure, zone) })).filter((one) => overlaps(one, days)).sort((a, b) => a.start - b.start);
  const busy = intersect(taken, [days]);
  return { hours, closures, taken: busy, free: subtract(hours, [...closures, ...busy]) };
}
