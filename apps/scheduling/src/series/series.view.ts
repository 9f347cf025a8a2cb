import { type Instant, type PracticeId, formatInstant } from '@slotmesh/kernel';
import { viewOfAppointment } from '../appointments/appointment.view';
import type { Appointment } from '../appointments/domain/appointment';
import { type SeriesPart, movedByItself, plannedDateOf } from './domain/part-of-series';
import type { Series } from './persistence/series.repository';

/** A series with its visits in the order in which it planned them. `rule` is the one that was booked; `plannedDate` is the visit's name within the series, also after it was moved by itself. */
export function viewOfSeries(series: Series, visits: readonly Appointment[], viewer: PracticeId, now: Instant) {
  return {
    id: series.id, rule: series.rule, host: series.host, booking: series.booking, zone: series.zone, bookedAt: formatInstant(series.bookedAt),
    visits: visits.map((visit) => ({ ...viewOfAppointment(visit, viewer, now), plannedDate: plannedDateOf(visit, series.zone), movedByItself: movedByItself(visit) })),
  };
}

/** Why a visit of the series stayed as it was, beside its planned date. */
export const viewOfLeft = (series: Series, left: SeriesPart['left']) => left.map(({ visit, because }) => ({ appointment: visit.id, plannedDate: plannedDateOf(visit, series.zone), because }));
