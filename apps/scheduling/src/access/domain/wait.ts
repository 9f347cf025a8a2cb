import { type Instant, type LocalDate, type LocalTime, type Zone, addDays, daysBetween, instantOf, localDateOf } from '@slotmesh/kernel';

/** As far ahead as one search of a desk can look. */
export const FARTHEST_DAYS = 120;
const AT = '06:00' as LocalTime;

/** The date whose snapshot is due at a place now; or when the next is. A date that was missed stays missed: what stood open then is not known any more. */
export function turnOf(zone: Zone, lastDay: LocalDate | null, now: Instant): { readonly due: LocalDate } | { readonly next: Instant } {
  const today = localDateOf(now, zone);
  const atSix = instantOf(today, AT, zone);
  if (now < atSix) return { next: atSix };
  return lastDay === null || lastDay < today ? { due: today } : { next: instantOf(addDays(today, 1), AT, zone) };
}

export interface FoundStart {
  readonly start: Instant;
  readonly zone: Zone;
}
export interface Wait {
  readonly first: Instant | null;
  readonly third: Instant | null;
  readonly days: number | null;
  readonly workingDays: number | null;
}

/** From a date to the date, on the wall where it is, of the third start: all days, and those on which the place is open, that date among them and the first not. A third that is not there has no days. */
export function waitOf(date: LocalDate, [first, , third]: readonly FoundStart[], open: ReadonlySet<LocalDate>): Wait {
  if (!third) return { first: first?.start ?? null, third: null, days: null, workingDays: null };
  const days = Math.max(0, daysBetween(date, localDateOf(third.start, third.zone)));
  return { first: first?.start ?? null, third: third.start, days, workingDays: Array.from({ length: days }, (_, n) => addDays(date, n + 1)).filter((day) => open.has(day)).length };
}

/** The farthest date on which a third start was found, on its own wall; the date of the snapshot where there is none. */
export const lastOf = (date: LocalDate, found: readonly (readonly FoundStart[])[]): LocalDate => found.reduce((last, [, , third]) => {
  const on = third ? localDateOf(third.start, third.zone) : last;
  return on > last ? on : last;
}, date);
