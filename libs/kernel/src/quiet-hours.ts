import { DAY, HOUR, type Instant, MINUTE, instant, plusMs } from './instant';
import type { TimeRange } from './time-range';
import { type LocalTime, type Zone, addDays, localDateOf, localTimeOf, offsetAt } from './wall-time';

/** From `from` until `until` of the patient's wall time nothing that we start may arrive; over midnight where from is later. Equal times: never quiet. */
export interface QuietHours {
  readonly from: LocalTime;
  readonly until: LocalTime;
}

/** 47 CFR 64.1200(c)(1): no calls before 8:00 or after 21:00 at the called party's place; written for solicitations, adopted for all. */
export const DEFAULT_QUIET_HOURS: QuietHours = { from: '21:00' as LocalTime, until: '08:00' as LocalTime };

/** What moves earlier aims at this long before quiet hours begin, so that pacing and delivery end before them. */
const ROOM_BEFORE_QUIET = HOUR;

/** What the wall clock reads decides, so that an hour that occurs twice is quiet or not both times. */
export function isQuiet(at: Instant, quiet: QuietHours, zone: Zone): boolean {
  const time = localTimeOf(at, zone);
  if (quiet.from === quiet.until) return false;
  return quiet.from < quiet.until ? quiet.from <= time && time < quiet.until : quiet.from <= time || time < quiet.until;
}

/** The first instant at or after `at` that is not quiet. */
export function nextPermitted(at: Instant, quiet: QuietHours, zone: Zone): Instant {
  if (!isQuiet(at, quiet, zone)) return at;
  return turns(at, quiet, zone).find((turn) => turn > at && !isQuiet(turn, quiet, zone)) ?? plusMs(at, DAY);
}

/** A good instant at or before `at` that is not quiet: `at` itself, else an hour before quiet hours begin or, where the window is shorter, its start. */
export function previousPermitted(at: Instant, quiet: QuietHours, zone: Zone): Instant {
  if (!isQuiet(at, quiet, zone)) return at;
  const window = windowBefore(at, quiet, zone);
  return instant(Math.max(window.start, window.end - ROOM_BEFORE_QUIET));
}

/** When quiet hours begin next after `at`; null where there are none. */
export function nextQuietStart(at: Instant, quiet: QuietHours, zone: Zone): Instant | null {
  return turns(at, quiet, zone).find((turn) => turn > at && isQuiet(turn, quiet, zone) && !isQuiet(plusMs(turn, -1), quiet, zone)) ?? null;
}

function windowBefore(at: Instant, quiet: QuietHours, zone: Zone): TimeRange {
  const before = turns(at, quiet, zone).filter((turn) => turn <= at);
  const end = before.findLast((turn) => !isQuiet(plusMs(turn, -1), quiet, zone)) ?? at;
  const start = before.findLast((turn) => turn < end && isQuiet(plusMs(turn, -1), quiet, zone)) ?? end;
  return { start, end };
}

/** Every instant within two days around at which quiet may begin or end, sorted: the wall times under each offset in force, and changes of offset. */
function turns(around: Instant, quiet: QuietHours, zone: Zone): Instant[] {
  const found = new Set<number>();
  const today = localDateOf(around, zone);
  for (let day = -2; day <= 2; day++) {
    const midnight = Date.parse(`${addDays(today, day)}T00:00:00Z`);
    const offsets = [offsetAt(midnight - DAY, zone), offsetAt(midnight + 2 * DAY, zone)];
    for (const time of [quiet.from, quiet.until]) for (const offset of offsets) found.add(midnight + minutesOf(time) * MINUTE - offset * MINUTE);
  }
  const change = offsetChange(around - 3 * DAY, around + 3 * DAY, zone);
  if (change !== null) found.add(change);
  return [...found].sort((a, b) => a - b).map(instant);
}

/** The instant between the two at which the zone's offset changes, to the minute, or null. */
function offsetChange(fromMs: number, untilMs: number, zone: Zone): number | null {
  const before = offsetAt(fromMs, zone);
  if (before === offsetAt(untilMs, zone)) return null;
  let [low, high] = [Math.floor(fromMs / MINUTE), Math.ceil(untilMs / MINUTE)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * MINUTE, zone) === before) low = middle;
    else high = middle;
  }
  return high * MINUTE;
}

const minutesOf = (time: LocalTime): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
