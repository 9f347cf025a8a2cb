import type { Brand } from './brand';

/** A point on the time line: milliseconds since 1970-01-01T00:00:00Z. Never a wall time. */
export type Instant = Brand<number, 'Instant'>;

export const instant = (ms: number): Instant => ms as Instant;
export const instantOfDate = (date: Date): Instant => date.getTime() as Instant;
/** Of a column that may be empty. */
export const instantOrNull = (date: Date | null | undefined): Instant | null => (date ? instantOfDate(date) : null);

const RFC_3339 = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d))$/i;

/** Where the time that people mean here begins and ends. Calendar arithmetic holds between them with room to spare: beyond the year 9999 dates as text have no order any more. */
export const FIRST_INSTANT = Date.UTC(1850, 0, 1) as Instant;
export const LAST_INSTANT = Date.UTC(2200, 0, 1) as Instant;

/** Reads RFC 3339 with an offset (seconds and the offset's colon may be absent; finer than ms is cut). Throws RangeError where the text is no instant, or one before 1850 or after 2199. */
export function parseInstant(text: string): Instant {
  const [, date, time, seconds = '00', fraction = '', sign = '+', hours = '00', minutes = '00'] = RFC_3339.exec(text) ?? [];
  const wall = date === undefined ? Number.NaN : Date.parse(`${date}T${time}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  // Why: Date.parse reads 30 February as 2 March and takes many texts that are no RFC 3339 at all.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date!)) throw new RangeError(`not an instant with an offset: ${text}`);
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const at = sign === '-' ? wall + offset : wall - offset;
  if (at < FIRST_INSTANT || at >= LAST_INSTANT) throw new RangeError(`not between 1850 and 2199: ${text}`);
  return at as Instant;
}

/** RFC 3339 in UTC with milliseconds: the one form in JSON and events. */
export const formatInstant = (at: Instant): string => new Date(at).toISOString();
export const toDate = (at: Instant): Date => new Date(at);
export const plusMs = (at: Instant, ms: number): Instant => (at + ms) as Instant;
export const plusMinutes = (at: Instant, minutes: number): Instant => (at + minutes * 60_000) as Instant;

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
