import { Injectable } from '@nestjs/common';
import type { AppointmentId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { VisitReasons } from '../../patients/visit-reasons';
import { AbsenceUnknown } from '../domain/absence.errors';
import { type VisitState, stateOf } from '../domain/visit-state';
import { type Absence, AbsenceRepository, type AffectedRecord } from '../persistence/absence.repository';

export interface AffectedVisit {
  readonly appointment: Appointment;
  readonly record: AffectedRecord | null;
  readonly state: VisitState;
  /** Why it was kept. */
  readonly note: string | null;
}

/** An absence with its affected visits as they are now, the earliest first. Throws AbsenceUnknown. */
@Injectable()
export class ReadAbsence {
  constructor(private readonly absences: AbsenceRepository, private readonly appointments: AppointmentRepository, private readonly texts: VisitReasons) {}

  async execute(tx: Tx, practice: PracticeId, id: string): Promise<{ readonly absence: Absence; readonly visits: readonly AffectedVisit[] }> {
    const absence = await this.absences.find(tx, practice, id);
    if (!absence) throw new AbsenceUnknown();
    const records = new Map((await this.absences.records(tx, id)).map((record) => [record.appointment, record]));
    const inside = new Set<AppointmentId>(absence.closure === null ? [] : await this.absences.visitsInside(tx, absence));
    const appointments = await this.appointments.findMany(tx, [...new Set([...records.keys(), ...inside])]);
    const notes = await this.texts.openAll(tx, practice, appointments.map(({ id: appointment }) => ({ appointment, sealed: records.get(appointment)?.sealedNote ?? null })), `absence:${id}`);
    const visits = appointments.map((appointment, i): AffectedVisit => {
      const record = records.get(appointment.id) ?? null;
      return { appointment, record, note: notes[i] ?? null, state: stateOf(appointment, record, { inside: inside.has(appointment.id), lifted: absence.closure === null }) };
    });
    visits.sort((a, b) => startOf(a) - startOf(b) || (a.appointment.id < b.appointment.id ? -1 : 1));
    tx.audit.record({ action: 'absence.read', entity: 'absence', entityId: id, details: { count: visits.length } });
    return { absence, visits };
  }
}

/** As it was when the days were closed: the order stays while visits are moved. */
export const startOf = ({ record, appointment }: AffectedVisit): number => record?.start ?? appointment.start;
