import { Inject, Injectable } from '@nestjs/common';
import { MessageRequested } from '@slotmesh/contracts';
import { HOUR, type Instant, type MessageRequestId, formatInstant, newId, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, eventOf, workerFor } from '@slotmesh/persistence';
import { SERVICE, type ServiceIdentity } from '@slotmesh/platform';
import { AppointmentRepository, type KnownAppointment } from '../../appointments/persistence/appointment.repository';
import type { Reach } from '../../patients/domain/reach';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { PatientNotYetKnown } from '../../timers/domain/timer.errors';
import { StepOutcomeRepository } from '../../timers/persistence/step-outcome.repository';
import { contentFor } from '../domain/education';
import { decideDueEducation } from '../domain/education-time';
import { EducationRepository } from '../persistence/education.repository';
import { EDUCATION_STEP, EducationTimerRepository } from '../persistence/education-timer.repository';

const BATCH = 100;
const STALE_AFTER = 36 * HOUR;

/** Asks for the messages that are due, each with the page of the content that is in force by then; step and request are one transaction (P13, P14). */
@Injectable()
export class SendEducation {
  constructor(
    private readonly work: UnitOfWork, private readonly contents: EducationRepository, private readonly timers: EducationTimerRepository, private readonly appointments: AppointmentRepository, private readonly patients: PatientRepository,
    private readonly outcomes: StepOutcomeRepository, @Inject(SERVICE) private readonly service: ServiceIdentity,
  ) {}

  /** Returns how many it took. */
  execute(): Promise<number> {
    return this.work.run(workerFor('education', null), async (tx) => {
      const due = await this.timers.claim(tx, BATCH);
      const visits = await this.appointments.find(tx, due.map(({ appointment }) => appointment));
      const reaches = await this.patients.reaches(tx, [...visits.values()].map(({ patient }) => patient));
      for (const { appointment, revision, fireAt } of due) {
        const visit = visits.get(appointment);
        const reach = visit && reaches.get(visit.patient);
        if (!visit || !reach) throw new PatientNotYetKnown();
        // What changed the visit has planned it anew.
        if (visit.revision === revision && visit.status === 'booked') await this.one(tx, visit, reach, fireAt);
      }
      return due.length;
    });
  }

  private async one(tx: Tx, visit: KnownAppointment, reach: Reach, dueAt: Instant): Promise<void> {
    const content = contentFor(await this.contents.ofHost(tx, visit.host), visit);
    if (!content) return this.timers.skipped(tx, visit, 'no-content');
    const decision = decideDueEducation(visit.start, reach, tx.now);
    if (decision.kind === 'defer') return this.timers.set(tx, visit, decision.until);
    if (decision.kind === 'skip') return this.timers.skipped(tx, visit, decision.reason);
    const { id, host, booking, patient, revision, start } = visit;
    const request = newId<MessageRequestId>();
    if (!(await this.outcomes.request(tx, { appointment: id, revision, step: EDUCATION_STEP, host, patient, request }))) return;
    tx.outbox.add(eventOf(MessageRequested, { key: request, host, booking }, {
      id: request, host, booking, patient, subjects: [{ kind: 'appointment', id, revision, step: EDUCATION_STEP }], class: 'education', template: 'education', channels: [...decision.channels],
      expiresAt: formatInstant(start < plusMs(tx.now, STALE_AFTER) ? start : plusMs(tx.now, STALE_AFTER)), visitStart: formatInstant(start), dueAt: formatInstant(dueAt), mustReach: false, page: `${this.service.config.PUBLIC_URL}/e/${content.id}`,
    }));
  }
}
