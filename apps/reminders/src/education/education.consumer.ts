import { Controller } from '@nestjs/common';
import { AppointmentBooked, AppointmentCancelled, AppointmentRescheduled, AppointmentStatusChanged, MessageOutcomeRecorded, PracticeDefined } from '@slotmesh/contracts';
import { OnEvent, type Received, type ReceivedOneOf } from '@slotmesh/messaging';
import type { AppointmentId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PlanEducation } from './commands/plan-education';
import { EducationRepository } from './persistence/education.repository';
import { EDUCATION_STEP } from './persistence/education-timer.repository';

/** Comes behind the timers' own consumers (app.module.ts), which keep the visit. */
@Controller()
export class EducationConsumer {
  constructor(private readonly plan: PlanEducation, private readonly contents: EducationRepository) {}

  @OnEvent(AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentStatusChanged)
  async visit({ data }: ReceivedOneOf<typeof AppointmentBooked | typeof AppointmentRescheduled | typeof AppointmentCancelled | typeof AppointmentStatusChanged>, tx: Tx): Promise<void> {
    await this.plan.visit(tx, data.appointment.id);
  }

  @OnEvent(MessageOutcomeRecorded)
  async outcome({ data: { subject, outcome } }: Received<typeof MessageOutcomeRecorded>, tx: Tx): Promise<void> {
    if (subject.kind === 'appointment' && subject.step === EDUCATION_STEP && outcome === 'skipped') await this.plan.stayedAway(tx, subject.id as AppointmentId, subject.revision);
  }

  @OnEvent(PracticeDefined)
  async practice({ data }: Received<typeof PracticeDefined>, tx: Tx): Promise<void> {
    await this.contents.definePractice(tx, data.id, data.partnership, data.staffed);
  }
}
