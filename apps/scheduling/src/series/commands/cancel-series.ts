import { Injectable } from '@nestjs/common';
import type { LocalDate, SeriesId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { CancelAppointment } from '../../appointments/commands/cancel-appointment';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { type SeriesPart, partFrom } from '../domain/part-of-series';
import { NoVisitLeft, SeriesUnknown } from '../domain/series.errors';
import { SeriesRepository } from '../persistence/series.repository';

/** Calls off what a series plans from a date on, visits that were moved by themselves included: all or none. What is past, under way or already off stays. Throws SeriesUnknown, NoVisitLeft. */
@Injectable()
export class CancelSeries {
  constructor(private readonly series: SeriesRepository, private readonly appointments: AppointmentRepository, private readonly cancel: CancelAppointment) {}

  async execute(tx: Tx, id: SeriesId, from: LocalDate, reason: string): Promise<SeriesPart> {
    const series = await this.series.find(tx, id);
    if (!series) throw new SeriesUnknown();
    const known = await this.appointments.ofSeries(tx, id);
    let part: SeriesPart = { visits: [], left: [] };
    const visits = await this.cancel.together(tx, known.map((visit) => visit.id), { reason }, (locked) => {
      part = partFrom([...locked].sort((a, b) => a.start - b.start), from, series.zone, tx.now, { withMoved: true, without: [] });
      if (part.visits.length === 0) throw new NoVisitLeft();
      return part.visits;
    });
    tx.audit.record({ action: 'series.cancelled', entity: 'series', entityId: id, patient: visits[0]?.patient ?? null, details: { from, visits: visits.length, reason } });
    return { visits: [...visits].sort((a, b) => a.start - b.start), left: part.left };
  }
}
