import { type Instant, type LocalDate, type LocalTime, type Zone, instantOf, localDateOf, localTimeOf } from '@slotmesh/kernel';
import type { Appointment } from '../../appointments/domain/appointment';

export type LeftBecause = 'before-that-date' | 'past' | 'cancelled' | 'under-way' | 'moved-by-itself' | 'left-out';
export interface SeriesPart {
  readonly visits: readonly Appointment[];
  readonly left: readonly { readonly visit: Appointment; readonly because: LeftBecause }[];
}

/** The date that the series gave the visit, whatever became of it. */
export const plannedDateOf = (visit: Appointment, zone: Zone): LocalDate => localDateOf(plannedStartOf(visit), zone);
/** The wall time that the series gave the visit: where the clock skips it on that night, the one that the other visits have and that was moved forward to the visit's (P6). */
export function plannedTimeOf(visit: Appointment, all: readonly Appointment[], zone: Zone): LocalTime {
  const planned = plannedStartOf(visit);
  const [date, time] = [localDateOf(planned, zone), localTimeOf(planned, zone)];
  return all.map((other) => localTimeOf(plannedStartOf(other), zone)).find((other) => other !== time && instantOf(date, other, zone) === planned) ?? time;
}
const plannedStartOf = (visit: Appointment): Instant => visit.series?.plannedStart ?? visit.start;
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
