import { isPracticesReason } from '@slotmesh/contracts';
import { DEFAULT_QUIET_HOURS, HOUR, type Instant, MINUTE, type Zone, isQuiet, nextPermitted, plusMs } from '@slotmesh/kernel';
import { type Waiting, byTurn } from './turn';

/** Offers of one round at most, so that a time that nobody wants does not trouble the whole list. */
export const MOST_OFFERS = 20;
/** A round ends this long before the visit at the latest: somebody has to get there. */
const LAST_CALL = HOUR;

export interface Pace {
  /** Patients who are asked at one time. */
  readonly together: number;
  readonly windowMinutes: number;
}

/** One at a time while there is time, with less to think about as it runs out; inside four hours a few at once, the first yes wins (facts/planning.md, "Backfill"; the figures are our defaults). */
export function paceOf(left: number): Pace {
  if (left > 24 * HOUR) return { together: 1, windowMinutes: 30 };
  return left > 4 * HOUR ? { together: 1, windowMinutes: 15 } : { together: 4, windowMinutes: 15 };
}

/** From here on nobody is asked any more, and the time is open to every desk. */
export const cutOff = (start: Instant, minimumNoticeMinutes: number): Instant => plusMs(start, -Math.max(LAST_CALL, minimumNoticeMinutes * MINUTE));

export interface Candidate extends Waiting {
  /** The patient's. */
  readonly zone: Zone;
}
export interface NextOffers<C> {
  readonly offers: readonly C[];
  readonly expiresAt: Instant;
  /** Where nobody may be asked now: when the first may be. Null: nobody, before the cut-off. */
  readonly wakeAt: Instant | null;
}

/** Who is asked next, in turn. Who may not be texted at this hour (P15) is passed over and keeps the place. */
export function nextOffers<C extends Candidate>(candidates: readonly C[], round: { readonly start: Instant; readonly cutOff: Instant; readonly made: number }, now: Instant): NextOffers<C> {
  const pace = paceOf(round.start - now);
  const expiresAt = Math.min(plusMs(now, pace.windowMinutes * MINUTE), round.cutOff) as Instant;
  const awake = candidates.filter(({ zone }) => !isQuiet(now, DEFAULT_QUIET_HOURS, zone)).sort(byTurn);
  const offers = awake.slice(0, Math.min(pace.together, MOST_OFFERS - round.made));
  const mornings = candidates.map(({ zone }) => nextPermitted(now, DEFAULT_QUIET_HOURS, zone)).filter((at) => at < round.cutOff);
  return { offers, expiresAt, wakeAt: offers.length > 0 || mornings.length === 0 || round.made >= MOST_OFFERS ? null : (Math.min(...mornings) as Instant) };
}

/** In every zone quiet hours end on a quarter of an hour. */
const QUARTER = 15 * MINUTE;

/** Where none of the first in turn could be asked and others stand behind them: soon, where somebody awake was busy; else all of them sleep, and nobody wakes sooner than this. */
export function looksAgainAt(first: readonly Candidate[], now: Instant): Instant {
  return first.some(({ zone }) => !isQuiet(now, DEFAULT_QUIET_HOURS, zone)) ? plusMs(now, MINUTE) : plusMs(now, QUARTER - (now % QUARTER));
}

/** A time that its provider or the house cannot keep is not given to somebody else. */
export const mayBeOffered = (cancelReason: string): boolean => !isPracticesReason(cancelReason);
