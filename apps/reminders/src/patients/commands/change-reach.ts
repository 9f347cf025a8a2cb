import { Injectable } from '@nestjs/common';
import type { PatientId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { PlanEducation } from '../../education/commands/plan-education';
import { KeepRecall } from '../../recalls/commands/keep-recall';
import { PlanVisit } from '../../timers/commands/plan-visit';
import { keepsTimes } from '../domain/reach';
import { PatientRepository } from '../persistence/patient.repository';

/** Applies what was learned about a patient; where zone, quiet hours or language changed, every coming visit, what is to be read before it and every open recall get new times, and after a death or an erasure none. */
@Injectable()
export class ChangeReach {
  constructor(private readonly patients: PatientRepository, private readonly appointments: AppointmentRepository, private readonly plan: PlanVisit, private readonly education: PlanEducation, private readonly recalls: KeepRecall) {}

  async execute(tx: Tx, patient: PatientId, apply: () => Promise<void>): Promise<void> {
    const before = await this.patients.reachForChange(tx, patient);
    await apply();
    if (!before) return;
    const after = (await this.patients.reaches(tx, [patient])).get(patient);
    if (!after || (after.gone === before.gone && keepsTimes(before, after))) return;
    for (const visit of await this.appointments.lockComingOf(tx, patient, tx.now)) {
      if (after.gone) await this.plan.void(tx, visit, after.gone);
      else {
        await this.plan.replan(tx, visit, after);
        await this.education.replan(tx, visit.id);
      }
    }
    if (!after.gone) await this.recalls.replan(tx, patient);
  }
}
