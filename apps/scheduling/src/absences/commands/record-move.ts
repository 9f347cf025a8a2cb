import type { AppointmentId, OpeningId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Appointment } from '../../appointments/domain/appointment';
import type { Absence, AbsenceRepository, Agreed } from '../persistence/absence.repository';

/** A visit that lay on a closed day is settled by where it went, whoever moved it. `visit`: as it was. */
export async function recordMove(tx: Tx, absences: AbsenceRepository, absence: Absence, visit: Appointment, move: { readonly opening: OpeningId; readonly to: AppointmentId; readonly agreed: Agreed; readonly by: string }): Promise<void> {
  const { opening, to, agreed, by } = move;
  await absences.settle(tx, absence, { appointment: visit.id, start: visit.start, outcome: 'moved', opening, movedTo: to, agreed, sealedNote: null, settledBy: by });
  tx.audit.record({ action: 'absence.visit-moved', entity: 'appointment', entityId: visit.id, patient: visit.patient, details: { absence: absence.id, to, how: agreed.how, by: agreed.by } });
}
