import { DAY, type Instant, type LocalDate, type LocalTime, type Zone, addDays, instantOf, plusMs } from '@slotmesh/kernel';

/** Who says nothing else waits so long. */
export const USUAL_WAIT = 180 * DAY;

/** Until when somebody waits: what the desk says, or the usual; at the latest when the latest acceptable date is over in every time zone of the world. */
export function waitsUntil(wanted: Instant | null, latest: LocalDate | null, now: Instant): Instant {
  const over = latest === null ? Number.POSITIVE_INFINITY : instantOf(addDays(latest, 1), '12:00' as LocalTime, 'UTC' as Zone);
  return Math.min(wanted ?? plusMs(now, USUAL_WAIT), over) as Instant;
}
