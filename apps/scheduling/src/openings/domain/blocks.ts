import { type LocalDate, addDays, weekdayOf, type TimeRange, type Zone } from '@slotmesh/kernel';
import { type HoursException, type OpenRange, type RecurringHours, type Schedule, type WallHours, openRanges, rangeOfDays } from '../../availability/domain/working-hours';
import { OpenWeeks } from './open-weeks';

/** Hours whose blocks carry more than their times: what recurs, and what single dates have instead or as well. */
export interface BlockSchedule<B> extends Omit<Schedule, 'hours' | 'exceptions'> {
  readonly hours: readonly (RecurringHours & B)[];
  readonly exceptions: readonly (Omit<HoursException, 'hours'> & { readonly hours: readonly (WallHours & B)[] })[];
}
/** One block alone: whatever lies over or beside it leaves its occurrences whole. */
export interface Block<B> {
  readonly block: WallHours & B;
  /** Its occurrences that meet a range, by start. */
  readonly open: (range: TimeRange) => readonly OpenRange[];
}

/** The blocks that are wanted, of every week and of single dates. Those that recur leave dates alone that have hours of their own. */
export function blocksOf<B extends object>({ hours, exceptions, closures }: BlockSchedule<B>, zone: Zone, wanted: (block: B) => boolean): Block<B>[] {
  const emptied = exceptions.flatMap(({ date, mode }) => (mode === 'instead' ? [{ date, mode, hours: [] }] : []));
  const recurring = hours.filter(wanted).map((block) => {
    const weeks = new OpenWeeks({ hours: [block], exceptions: emptied, closures }, zone);
    return { block, open: (range: TimeRange) => weeks.open(range) };
  });
  return [...recurring, ...exceptions.flatMap(({ date, hours: ofDate }) => ofDate.filter(wanted).map((block) => {
    const pieces = openRanges({ hours: [onDate(block, date)], exceptions: [], closures }, rangeOfDays(date, addDays(date, 1), zone), zone);
    return { block, open: (range: TimeRange) => pieces.filter((piece) => piece.start < range.end && range.start < piece.end) };
  }))];
}

const onDate = ({ from, to }: WallHours, date: LocalDate): RecurringHours => ({ from, to, weekday: weekdayOf(date), validFrom: date, validTo: date });
