import { type Instant, type LocalTime, type Zone, addDays, instantOf, localDateOf, localTimeOf } from '@slotmesh/kernel';

/** The patient's own quiet hours in the patient's wall time; `from` after `until` goes over midnight, equal means none. */
export interface QuietHours {
  readonly from: LocalTime;
  readonly until: LocalTime;
  readonly zone: Zone;
}

/** 8:00 to 21:00 is free (47 CFR 64.1200(c)(1), written for solicitations, adopted for all that we start). */
export const DEFAULT_QUIET = { from: '21:00' as LocalTime, until: '08:00' as LocalTime };

export function isQuiet(at: Instant, { from, until, zone }: QuietHours): boolean {
  const time = localTimeOf(at, zone);
  if (from === until) return false;
  return from < until ? from <= time && time < until : time >= from || time < until;
}

/** The first instant that is not quiet: `at` itself, or the coming end of the quiet hours. */
export function quietEnd(at: Instant, quiet: QuietHours): Instant {
  return isQuiet(at, quiet) ? nextAt(at, quiet.until, quiet) : at;
}

/** When the next quiet hours begin; null where there are none. */
export function nextQuietStart(at: Instant, quiet: QuietHours): Instant | null {
  return quiet.from === quiet.until ? null : nextAt(at, quiet.from, quiet);
}

function nextAt(at: Instant, time: LocalTime, quiet: QuietHours): Instant {
  let date = localDateOf(at, quiet.zone);
  // Why: around a change of the clocks a wall time of today may be skipped or doubled; the first candidate after `at` is right in any case.
  for (;;) {
    const candidate = instantOf(date, time, quiet.zone);
    if (candidate > at) return candidate;
    date = addDays(date, 1);
  }
}
