import { type Instant, type LocalDate, type LocalTime, MINUTE, type Zone, instantOf, offsetAt, parseInstant, plusMs } from '@slotmesh/kernel';
import { LineRefused } from './reading';

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;
export const OTHER_SEASON = 'time: the wall time stands, its offset was that of the other season';
export const NO_OFFSET = "time: without an offset, read as the site's wall time";

/**
 * Reads the start or end of a slot.
 *
 * An offset that its zone has at that moment is taken at its word, and so is any offset that the zone never has (UTC, for one): the text names an instant.
 * An offset that the zone has only in the other half of the year is a publisher's constant, and the wall time is what was meant. So say two recorded
 * feeds: a pharmacy chain's slots of March are all at the winter offset, and read as wall time they are its opening hours (9 to 21 on weekdays, 9 to 18 on
 * Saturday, 10 to 18 on Sunday), read as instants they would be open from 10 to 22, some until midnight; a health department's slots of September
 * begin at 9:00 on the wall, by their winter offset at 10:00. An hour's error would send people to closed doors.
 */
export function readSlotTime(text: string, zone: Zone, mend: (rule: string) => void): Instant {
  const [, date, time, seconds = '00', offset] = TIME.exec(text) ?? [];
  if (date === undefined || time === undefined) throw new LineRefused('time: not RFC 3339');
  const wall = (): Instant => plusMs(instantOf(date as LocalDate, time as LocalTime, zone), Number(seconds) * 1_000);
  const at = instantIn(offset === undefined ? `${text}Z` : text);
  if (offset === undefined) {
    mend(NO_OFFSET);
    return wall();
  }
  const given = offsetMinutes(offset);
  if (given === offsetAt(at, zone) || !offsetsOfYear(date, zone).includes(given)) return at;
  mend(OTHER_SEASON);
  return wall();
}

function instantIn(text: string): Instant {
  try {
    return parseInstant(text);
  } catch {
    throw new LineRefused('time: no such date or time of day');
  }
}

function offsetMinutes(offset: string): number {
  if (/z/i.test(offset)) return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return offset.startsWith('-') ? -minutes : minutes;
}

function offsetsOfYear(date: string, zone: Zone): number[] {
  const year = Number(date.slice(0, 4));
  return [offsetAt(Date.UTC(year, 0, 1), zone), offsetAt(Date.UTC(year, 6, 1), zone)];
}

/** Whole or broken minutes between two instants. */
export const minutesBetween = (start: Instant, end: Instant): number => (end - start) / MINUTE;
