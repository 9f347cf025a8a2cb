import { Injectable } from '@nestjs/common';
import { ReminderFailed, ReminderFailureWithdrawn } from '@slotmesh/contracts';
import { type AppointmentId, formatInstant } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { AppointmentRepository, type KnownAppointment } from '../../appointments/persistence/appointment.repository';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { PlanRepository } from '../../plans/persistence/plan.repository';
import { failureOf, type ReminderFailureReason } from '../domain/reminder-failure';
import { ReminderFailureRepository, type StepOfVisit } from '../persistence/reminder-failure.repository';

/** Says of a missed visit that our reminders failed its patient, and takes it back where the visit is missed no more or one arrived after all. Told once per change. */
@Injectable()
export class JudgeReminders {
  constructor(private readonly failures: ReminderFailureRepository, private readonly appointments: AppointmentRepository, private readonly patients: PatientRepository, private readonly plans: PlanRepository) {}

  async execute(tx: Tx, id: AppointmentId): Promise<void> {
    const visit = await this.appointments.lock(tx, id);
    if (!visit) return;
    const said = await this.failures.said(tx, id);
    const reason = visit.status === 'noshow' ? await this.judge(tx, visit) : null;
    if (reason === null) {
      if (said === null) return;
      await this.failures.takeBack(tx, id);
      tx.outbox.add(eventOf(ReminderFailureWithdrawn, { key: id, host: visit.host }, { ...this.about(tx, visit), revision: said.revision }));
      return;
    }
    if (said?.revision === visit.revision) return;
    await this.failures.say(tx, id, visit.host, visit.revision, reason);
    tx.outbox.add(eventOf(ReminderFailed, { key: id, host: visit.host }, { ...this.about(tx, visit), reason }));
  }

  private async judge(tx: Tx, visit: KnownAppointment): Promise<ReminderFailureReason | null> {
    const reach = (await this.patients.reaches(tx, [visit.patient])).get(visit.patient);
    if (!reach) return null;
    const steps = await this.failures.stepsOf(tx, visit.id, visit.revision);
    return failureOf({
      steps: await this.reminding(tx, steps), confirmed: visit.confirmed, calls: await this.failures.callsOf(tx, visit.id, visit.revision), reachable: reach.gone === null && !reach.voiceOnly && reach.channels.length > 0,
    });
  }

  /** What only tells of a booking or a move reminds of nothing. */
  private async reminding(tx: Tx, steps: readonly StepOfVisit[]): Promise<StepOfVisit[]> {
    const reminding: StepOfVisit[] = [];
    for (const step of steps) {
      const plan = step.plan === null ? null : await this.plans.byId(tx, step.plan);
      if (plan?.steps.some((planned) => planned.id === step.step && planned.action === 'message' && planned.template === 'visit-reminder')) reminding.push(step);
    }
    return reminding;
  }

  private about(tx: Tx, { id, host, patient, revision }: KnownAppointment) {
    return { appointment: id, host, patient, revision, at: formatInstant(tx.now) };
  }
}
