import { type Instant, type LocalTime, type Zone, addDays, instantOf, localDateOf, plusMinutes, plusMs } from '@slotmesh/kernel';

/** From the end of one visit to the start of the next: minutes that pass, or days of the calendar at the place of the earlier one. */
export type Distance = { readonly minutes: number } | { readonly days: number };
export interface Gap {
  readonly min: Distance;
  /** Null: as late as there is time. */
  readonly max: Distance | null;
}
export interface EndedVisit {
  readonly end: Instant;
  readonly zone: Zone;
}
/** When the next visit may begin, both ends among it. */
export interface StartWindow {
  readonly from: Instant;
  readonly latest: Instant | null;
}

const MIDNIGHT = '00:00' as LocalTime;

/** Seven days after a Monday is any time of the next Monday, at the clock of that place (P6). Never before the earlier visit has ended. */
export function windowAfter({ end, zone }: EndedVisit, { min, max }: Gap): StartWindow {
  const day = (days: number): Instant => instantOf(addDays(localDateOf(end, zone), days), MIDNIGHT, zone);
  const from = 'minutes' in min ? plusMinutes(end, min.minutes) : day(min.days);
  const latest = max === null ? null : 'minutes' in max ? plusMinutes(end, max.minutes) : plusMs(day(max.days + 1), -1);
  return { from: Math.max(end, from) as Instant, latest };
}

export const isInside = ({ from, latest }: StartWindow, start: Instant): boolean => start >= from && (latest === null || start <= latest);
export const keepsGap = (before: EndedVisit, gap: Gap, start: Instant): boolean => isInside(windowAfter(before, gap), start);

const said = (distance: Distance): string => ('minutes' in distance ? `${distance.minutes} minutes` : `${distance.days} days`);
/** For people: `at least 30 minutes and at most 2 days`. */
export const describeGap = ({ min, max }: Gap): string => `at least ${said(min)}${max === null ? '' : ` and at most ${said(max)}`}`;
