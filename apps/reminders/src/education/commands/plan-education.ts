import { Injectable } from '@nestjs/common';
import type { AppointmentId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { contentFor } from '../domain/education';
import { educationAt } from '../domain/education-time';
import { EducationRepository } from '../persistence/education.repository';
import { EducationTimerRepository } from '../persistence/education-timer.repository';

const BATCH = 5;

/** Fixes when the patient of a visit gets something to read, or that nobody does. Which content it is, is decided when it goes. */
@Injectable()
export class PlanEducation {
  constructor(private readonly work: UnitOfWork, private readonly contents: EducationRepository, private readonly timers: EducationTimerRepository, private readonly appointments: AppointmentRepository, private readonly patients: PatientRepository) {}

  /** Of a visit as it is kept here. */
  async visit(tx: Tx, id: AppointmentId): Promise<void> {
    const visit = await this.appointments.lock(tx, id);
    if (!visit) return;
    await this.timers.clear(tx, id);
    if (visit.status !== 'booked' || visit.start <= tx.now || (await this.timers.wasAsked(tx, id))) return;
    const content = contentFor(await this.contents.ofHost(tx, visit.host), visit);
    const reach = content && (await this.patients.reaches(tx, [visit.patient])).get(visit.patient);
    const at = content && reach ? educationAt(visit.start, content.daysBefore, reach, tx.now) : null;
    if (at !== null) await this.timers.set(tx, visit, at);
  }

  /** Zone or quiet hours of the patient changed. What does not wait stays as it is. */
  async replan(tx: Tx, id: AppointmentId): Promise<void> {
    if (await this.timers.waits(tx, id)) await this.visit(tx, id);
  }

  /** The visit moved while its message waited to go: when it moved the message was still on its way, so it was not planned anew. */
  async stayedAway(tx: Tx, id: AppointmentId, revision: number): Promise<void> {
    const visit = await this.appointments.lock(tx, id);
    if (visit && visit.revision > revision) await this.visit(tx, id);
  }

  /** What has been approved by everybody takes the place of its older version and is for visits that are booked already. Returns how many contents. */
  approved(): Promise<number> {
    return this.work.run(workerFor('education', null), async (tx) => {
      const approved = await this.contents.takeApproved(tx, BATCH);
      for (const { id, practices } of approved) {
        await this.contents.retirePrevious(tx, id, tx.now);
        for (const visit of await this.appointments.comingAt(tx, practices, tx.now)) await this.visit(tx, visit);
      }
      return approved.length;
    });
  }
}
