import {
  addDays, daysBetween, DomainError, instantOf, type Instant, type LocalDate, localDateOf, type LocalTime, type TimeRange, union, weekdayOf, type Zone,
} from '@slotmesh/kernel';

/** A block on the site's wall clock. `to` at or before `from` means the next day (22:00-06:00; 08:00-08:00 is a whole round); `24:00` is midnight. */
export interface WallHours {
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** Hours that come back every week, or every `everyWeeks` weeks counted from the (Monday-based) week of `anchor`, which is `validFrom` where not given. */
export interface RecurringHours extends WallHours {
  /** ISO weekday on which the block begins: 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
  /** First and last date on which a block may begin, both inclusive; null: without end. */
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly everyWeeks?: number;
  readonly anchor?: LocalDate | null;
}

/**
 * One date that differs. `instead`: the blocks that begin on this date are these (none: no hours); `also`: these come on top.
 * What began the evening before runs on over midnight: it belongs to the date on which it began. To shut that too, use a closure.
 */
export interface HoursException {
  readonly date: LocalDate;
  readonly mode: 'instead' | 'also';
  readonly hours: readonly WallHours[];
}

/** Time in which nothing is open whatever the hours say: whole dates of the wall (both inclusive) or an exact range. */
export type Closure = { readonly firstDay: LocalDate; readonly lastDay: LocalDate } | { readonly during: TimeRange };

export interface Schedule {
  readonly hours: readonly RecurringHours[];
  readonly exceptions: readonly HoursException[];
  /** Of the site and of the provider or resource together. */
  readonly closures: readonly Closure[];
}

/** A piece of open time. `opens` is the minute its block opened, from which the grid of starts counts; a closure in the middle does not shift it. */
export interface OpenRange extends TimeRange {
  readonly opens: Instant;
}

/** Throws `hours-invalid` where a block could never open. */
export function checkHours(hours: WallHours & { readonly weekday?: number; readonly everyWeeks?: number }): void {
  const fault =
    hours.from === '24:00' ? 'Hours cannot begin at 24:00; use 00:00 of the next day.'
    : hours.weekday !== undefined && !(Number.isInteger(hours.weekday) && hours.weekday >= 1 && hours.weekday <= 7) ? 'The weekday is 1 (Monday) to 7 (Sunday).'
    : hours.everyWeeks !== undefined && !(Number.isInteger(hours.everyWeeks) && hours.everyWeeks >= 1 && hours.everyWeeks <= 52) ? 'Hours come back every 1 to 52 weeks.'
    : null;
  if (fault) throw new DomainError('invalid', 'hours-invalid', fault);
}

/** From the first minute of one date to the last of another, both inclusive, on the wall of a zone. */
export const rangeOfDays = (first: LocalDate, last: LocalDate, zone: Zone): TimeRange => ({
  start: instantOf(first, '00:00' as LocalTime, zone),
  end: instantOf(last, '24:00' as LocalTime, zone),
});

/**
 * The pieces of open time that meet `range`, in order and without overlap; whole, not cut at its edges, so that the grid of starts is the same in every
 * search. Wall time is kept through daylight-saving changes (P6): an edge in the gap moves forward, an ambiguous one is the earlier. Blocks that touch
 * (20:00-24:00 and 00:00-04:00) stay two pieces with a grid each; where blocks overlap, the later one counts from where the earlier ends.
 */
export function openRanges(schedule: Schedule, range: TimeRange, zone: Zone): OpenRange[] {
  if (range.start >= range.end) return [];
  const last = localDateOf((range.end - 1) as Instant, zone);
  const opened: OpenRange[] = [];
  const day = dayReader(schedule);
  // Why two days back: yesterday's night may reach in, and the night before may have cut yesterday's first block.
  for (let date = addDays(localDateOf(range.start, zone), -2); date <= last; date = addDays(date, 1)) {
    for (const { from, to } of day(date)) {
      const start = instantOf(date, from, zone);
      opened.push({ start, end: instantOf(to <= from ? addDays(date, 1) : date, to, zone), opens: start });
    }
  }
  opened.sort((a, b) => a.start - b.start || a.end - b.end);
  return without(disjoint(opened), union(schedule.closures.map((closure) => rangeOfClosure(closure, zone)))).filter((piece) => piece.start < range.end && range.start < piece.end);
}

/** A closure as an exact range; for whole dates the zone of the site decides. */
export const rangeOfClosure = (closure: Closure, zone: Zone): TimeRange => ('during' in closure ? closure.during : rangeOfDays(closure.firstDay, closure.lastDay, zone));

/** Answers which blocks begin on a date. */
function dayReader(schedule: Schedule): (date: LocalDate) => readonly WallHours[] {
  const byWeekday = group(schedule.hours, (hours) => hours.weekday);
  const byDate = group(schedule.exceptions, (exception) => exception.date);
  return (date) => {
    const exceptions = byDate.get(date) ?? [];
    const usual = exceptions.some((exception) => exception.mode === 'instead') ? [] : (byWeekday.get(weekdayOf(date)) ?? []).filter((hours) => recursOn(hours, date));
    return exceptions.length > 0 ? [...usual, ...exceptions.flatMap((exception) => exception.hours)] : usual;
  };
}

function recursOn(hours: RecurringHours, date: LocalDate): boolean {
  if (date < hours.validFrom || (hours.validTo !== null && date > hours.validTo)) return false;
  const every = hours.everyWeeks ?? 1;
  return every === 1 || (daysBetween(mondayOf(hours.anchor ?? hours.validFrom), mondayOf(date)) / 7) % every === 0;
}
const mondayOf = (date: LocalDate): LocalDate => addDays(date, 1 - weekdayOf(date));

function disjoint(sorted: readonly OpenRange[]): OpenRange[] {
  const pieces: OpenRange[] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, end, opens } of sorted) {
    const from = Math.max(start, reached) as Instant;
    if (from < end) pieces.push({ start: from, end, opens });
    reached = Math.max(reached, end);
  }
  return pieces;
}

function without(pieces: readonly OpenRange[], closed: readonly TimeRange[]): OpenRange[] {
  const left: OpenRange[] = [];
  let passed = 0;
  for (const { start, end, opens } of pieces) {
    while (passed < closed.length && closed[passed]!.end <= start) passed += 1;
    let from = start;
    for (let i = passed; i < closed.length && closed[i]!.start < end; i += 1) {
      if (closed[i]!.start > from) left.push({ start: from, end: closed[i]!.start, opens });
      from = Math.max(from, closed[i]!.end) as Instant;
    }
    if (from < end) left.push({ start: from, end, opens });
  }
  return left;
}

function group<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const members = groups.get(key);
    if (members) members.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
