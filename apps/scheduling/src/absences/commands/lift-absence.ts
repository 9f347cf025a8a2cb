import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { callWithdrawn, initiatorOf } from '../../appointments/appointment.events';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { closure } from '../../availability/closure';
import { LiftedClosureRepository } from '../../availability/persistence/lifted-closure.repository';
import { References } from '../../practices/reference';
import { AbsenceUnknown } from '../domain/absence.errors';
import { AbsenceRepository } from '../persistence/absence.repository';

/** The time is open again and is offered to who waits; a visit that was moved stays where it went, and nobody needs to be called about the others any more. Once more changes nothing. Throws AbsenceUnknown. */
@Injectable()
export class LiftAbsence {
  constructor(private readonly absences: AbsenceRepository, private readonly references: References, private readonly lifted: LiftedClosureRepository, private readonly appointments: AppointmentRepository) {}

  async execute(tx: Tx, practice: PracticeId, id: string): Promise<void> {
    const absence = await this.absences.find(tx, practice, id);
    if (!absence) throw new AbsenceUnknown();
    if (absence.closure === null) return;
    const asked = (await this.absences.records(tx, id)).filter(({ askedAt, outcome }) => askedAt !== null && outcome === null);
    // Why locked: what is told of a visit is the visit as it is then.
    for (const visit of await this.appointments.lockMany(tx, asked.map(({ appointment }) => appointment))) tx.outbox.add(callWithdrawn(visit, initiatorOf(tx.actor, visit)));
    await this.lifted.note(tx, practice, absence.closure);
    await this.references.remove(tx, closure, practice, absence.closure);
    await this.absences.lift(tx, id);
    tx.audit.record({ action: 'absence.lifted', entity: 'absence', entityId: id });
  }
}
