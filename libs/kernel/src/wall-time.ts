import { DateTime, IANAZone } from 'luxon';
import type { Brand } from './brand';
import { DAY, HOUR, type Instant, instant, MINUTE } from './instant';

/** A calendar date without a zone, `2026-03-08`. */
export type LocalDate = Brand<string, 'LocalDate'>;
/** A time of the clock on the wall, `09:30`; `24:00` is the end of a day. */
export type LocalTime = Brand<string, 'LocalTime'>;
/** An IANA zone, `America/New_York`. */
export type Zone = Brand<string, 'Zone'>;

/** Why kept: asking whether a zone exists costs as much as a small query, and the few zones of a network come with every event. */
const knownZones = new Set<string>();

export function parseZone(text: string): Zone {
  if (!knownZones.has(text)) {
    if (!IANAZone.isValidZone(text)) throw new RangeError(`not an IANA time zone: ${text}`);
    knownZones.add(text);
  }
  return text as Zone;
}
export function parseLocalDate(text: string): LocalDate {
  if (!/^(?:18[5-9]|19\d|2[01]\d)\d-\d\d-\d\d$/.test(text) || !DateTime.fromISO(text, { zone: 'utc' }).isValid) throw new RangeError(`not a date: ${text}`);
  return text as LocalDate;
}
export function parseLocalTime(text: string): LocalTime {
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text)) throw new RangeError(`not a time of day: ${text}`);
  return text as LocalTime;
}

/**
 * The instant of a wall time. A time in the daylight-saving gap moves forward by the gap, an ambiguous one is the earlier
 * (P6; RFC 5545 section 3.3.5). `24:00` is midnight of the next day.
 */
export function instantOf(date: LocalDate, time: LocalTime, zone: Zone): Instant {
  if (time === '24:00') return instantOf(addDays(date, 1), '00:00' as LocalTime, zone);
  const wall = Date.parse(`${date}T${time}:00Z`);
  // Why: the offsets a day before and after bracket every change; of the candidates that read back as the wall time the earlier wins.
  const before = offsetAt(wall - DAY, zone);
  const after = offsetAt(wall + DAY, zone);
  if (before === after) return instant(wall - before * MINUTE);
  const exact = [before, after].map((offset) => wall - offset * MINUTE).filter((at) => at + offsetAt(at, zone) * MINUTE === wall);
  return instant(exact.length > 0 ? Math.min(...exact) : wall - before * MINUTE);
}

/** Minutes that the zone is ahead of UTC at an instant. */
export function offsetAt(atMs: number, zone: Zone): number {
  const day = Math.floor(atMs / DAY);
  let days = offsets.get(zone);
  if (!days || days.size >= KEPT_DAYS) offsets.set(zone, (days = new Map()));
  let offset = days.get(day);
  if (offset === undefined) days.set(day, (offset = offsetOfDay(day, zone)));
  if (typeof offset === 'number') return offset;
  const quarter = Math.floor((atMs - day * DAY) / QUARTER);
  return (offset[quarter] ??= offsetOfQuarter(day * DAY + quarter * QUARTER, zone)) ?? IANAZone.create(zone).offset(atMs);
}

// Why: a search asks for the offset of many instants of the same days, and asking Intl each time costs twenty times as much as looking it up.
const KEPT_DAYS = 50_000;
const QUARTER = 15 * MINUTE;
type OffsetOfDay = number | (number | null | undefined)[];
const offsets = new Map<Zone, Map<number, OffsetOfDay>>();
/** The offset of a whole UTC day; on a day on which it changes those of its quarters of an hour, as they are asked for. */
function offsetOfDay(day: number, zone: Zone): OffsetOfDay {
  const iana = IANAZone.create(zone);
  const hours = Array.from({ length: 5 }, (_, i) => iana.offset(day * DAY + i * 6 * HOUR));
  return hours.every((offset) => offset === hours[0]) ? hours[0]! : [];
}
/** Null where it changes within the quarter, as it did when clocks were set to the sun. */
function offsetOfQuarter(startMs: number, zone: Zone): number | null {
  const iana = IANAZone.create(zone);
  const offset = iana.offset(startMs);
  return iana.offset(startMs + QUARTER - 1) === offset ? offset : null;
}

export const localDateOf = (at: Instant, zone: Zone): LocalDate => wall(at, zone).toISOString().slice(0, 10) as LocalDate;
export const localTimeOf = (at: Instant, zone: Zone): LocalTime => wall(at, zone).toISOString().slice(11, 16) as LocalTime;
const wall = (at: Instant, zone: Zone): Date => new Date(at + offsetAt(at, zone) * 60_000);

/** Calendar arithmetic: no zone, so no daylight saving can bend it. Throws RangeError beyond the year 9999, where the text of a date is longer and sorts before the others. */
export function addDays(date: LocalDate, days: number): LocalDate {
  const text = new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString();
  if (text.length !== 24) throw new RangeError(`${days} days from ${date} is no date of four digits`);
  return text.slice(0, 10) as LocalDate;
}
/** The same day so many months later; where that month is shorter, its last day. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0));
  return addDays(last.toISOString().slice(0, 10) as LocalDate, Math.min(day, last.getUTCDate()) - last.getUTCDate());
}
/** ISO weekday: 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: LocalDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** For people: `Mon, Nov 23, 9:30 AM EST` in the language `en` or `es`. */
export function describeInstant(at: Instant, zone: Zone, language: string): string {
  return DateTime.fromMillis(at, { zone, locale: localeOf(language) }).toFormat('ccc, LLL d, h:mm a ZZZZ');
}

/** A date for people, written out: `Monday, November 23, 2026`, `lunes, 23 de noviembre de 2026`. */
export function describeDate(at: Instant, zone: Zone, language: string): string {
  return DateTime.fromMillis(at, { zone, locale: localeOf(language) }).toLocaleString({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
}

/** A time of day for people, always with its zone: `9:30 AM EST`, or, where there is room, `9:30 AM Eastern Standard Time`. */
export function describeTime(at: Instant, zone: Zone, language: string, zoneName: 'short' | 'long'): string {
  return DateTime.fromMillis(at, { zone, locale: localeOf(language) }).toFormat(zoneName === 'long' ? 'h:mm a ZZZZZ' : 'h:mm a ZZZZ');
}

const localeOf = (language: string): string => (language === 'es' ? 'es-US' : 'en-US');
