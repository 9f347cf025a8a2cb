import type { Brand } from './brand';

/** A point on the time line: milliseconds since 1970-01-01T00:00:00Z. Never a wall time. */
export type Instant = Brand<number, 'Instant'>;

export const instant = (ms: number): Instant => ms as Instant;
export const instantOfDate = (date: Date): Instant => date.getTime() as Instant;

/** Reads RFC 3339 with an offset. Throws RangeError where the text is no instant. */
export function parseInstant(text: string): Instant {
  const ms = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new RangeError(`not an instant with an offset: ${text}`);
  return ms as Instant;
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
