import { Injectable } from '@nestjs/common';
import { type AppointmentId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { callAsked, initiatorOf } from '../../appointments/appointment.events';
import type { Desk } from '../../appointments/commands/take-visit-time';
import { ChangeAppointment } from '../../appointments/commands/change-appointment';
import { AppointmentUnknown } from '../../appointments/domain/appointment.errors';
import { statusAfter } from '../../appointments/domain/transitions';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { AbsenceLifted, AbsenceUnknown, VisitNotAffected } from '../domain/absence.errors';
import { AbsenceRepository } from '../persistence/absence.repository';
import { ProposeMoves } from '../queries/propose-moves';

/** Puts an affected visit on the host's call list, with the times to which it could go. Again is the same call. Throws AbsenceUnknown, AbsenceLifted, VisitNotAffected, TransitionNotAllowed. */
@Injectable()
export class AskByPhone {
  constructor(private readonly absences: AbsenceRepository, private readonly appointments: AppointmentRepository, private readonly change: ChangeAppointment, private readonly propose: ProposeMoves) {}

  async execute(tx: Tx, desk: Desk, id: string, visit: AppointmentId): Promise<number> {
    const absence = await this.absences.find(tx, desk.practice, id);
    if (!absence) throw new AbsenceUnknown();
    if (absence.closure === null) throw new AbsenceLifted();
    if (!(await this.absences.visitsInside(tx, absence)).includes(visit) || (await this.absences.record(tx, id, visit))?.outcome != null) throw new VisitNotAffected();
    const seen = await this.appointments.find(tx, visit);
    if (!seen) throw new AppointmentUnknown();
    // Why not what waits for an answer: that one is a no, and nothing to be moved.
    statusAfter('reschedule', seen, tx.now);
    const proposals = (await this.propose.execute(tx, seen)).map(({ to }) => ({ opening: to.found.id, practice: to.practice, start: formatInstant(to.start), zone: to.zone }));
    // Why the version: the times were looked for around the visit as it was.
    return this.change.inPlace(tx, visit, seen.version, async (locked) => {
      await this.absences.asked(tx, absence, visit, locked.start);
      tx.outbox.add(callAsked(locked, initiatorOf(tx.actor, locked), proposals));
      tx.audit.record({ action: 'absence.call-asked', entity: 'appointment', entityId: visit, patient: locked.patient, details: { absence: id, proposals: proposals.length } });
      return proposals.length;
    });
  }
}
