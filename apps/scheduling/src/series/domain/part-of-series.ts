import { type Instant, type LocalDate, type Zone, localDateOf } from '@slotmesh/kernel';
import type { Appointment } from '../../appointments/domain/appointment';

export type LeftBecause = 'before-that-date' | 'past' | 'cancelled' | 'under-way' | 'moved-by-itself' | 'left-out';
export interface SeriesPart {
  readonly visits: readonly Appointment[];
  readonly left: readonly { readonly visit: Appointment; readonly because: LeftBecause }[];
}

/** The date that the series gave the visit, whatever became of it. */
export const plannedDateOf = (visit: Appointment, zone: Zone): LocalDate => localDateOf(visit.series?.plannedStart ?? visit.start, zone);
export const movedByItself = (visit: Appointment): boolean => visit.series !== null && visit.series.plannedStart !== visit.start;

/** What of a series is changed from a planned date on, and why the rest is not. */
export function partFrom(visits: readonly Appointment[], from: LocalDate, zone: Zone, now: Instant, options: { readonly withMoved: boolean; readonly without: readonly LocalDate[] }): SeriesPart {
  const chosen: Appointment[] = [];
  const left: { visit: Appointment; because: LeftBecause }[] = [];
  for (const visit of visits) {
    const because = reasonToLeave(visit, from, zone, now, options);
    if (because === null) chosen.push(visit);
    else left.push({ visit, because });
  }
  return { visits: chosen, left };
}

function reasonToLeave(visit: Appointment, from: LocalDate, zone: Zone, now: Instant, { withMoved, without }: { readonly withMoved: boolean; readonly without: readonly LocalDate[] }): LeftBecause | null {
  const date = plannedDateOf(visit, zone);
  if (date < from) return 'before-that-date';
  if (visit.status === 'cancelled' || visit.status === 'entered-in-error') return 'cancelled';
  if (visit.start <= now) return 'past';
  if (visit.status !== 'booked' && visit.status !== 'pending') return 'under-way';
  if (without.includes(date)) return 'left-out';
  return movedByItself(visit) && !withMoved ? 'moved-by-itself' : null;
}
