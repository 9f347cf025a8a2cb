import { Injectable } from '@nestjs/common';
import type { AppointmentSnapshot } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AppointmentRepository, type KnownAppointment } from '../../appointments/persistence/appointment.repository';
import { CallListRepository } from '../../call-list/persistence/call-list.repository';
import type { Reach } from '../../patients/domain/reach';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import type { ReminderPlan } from '../../plans/domain/plan';
import { fixStepTimes } from '../../plans/domain/plan-steps';
import type { VisitChange } from '../../plans/domain/step-time';
import { PlanRepository } from '../../plans/persistence/plan.repository';
import { decideDue } from '../domain/due-step';
import { PatientNotYetKnown } from '../domain/timer.errors';
import { type StepOutcome, StepOutcomeRepository } from '../persistence/step-outcome.repository';
import { type Timer, TimerRepository } from '../persistence/timer.repository';
import { SettleSteps } from './settle-steps';

/** A visit changed: what waits for earlier revisions is void, the present one is planned, what answers the change goes at once. */
@Injectable()
export class PlanVisit {
  constructor(
    private readonly patients: PatientRepository,
    private readonly appointments: AppointmentRepository,
    private readonly plans: PlanRepository,
    private readonly timers: TimerRepository,
    private readonly outcomes: StepOutcomeRepository,
    private readonly calls: CallListRepository,
    private readonly settle: SettleSteps,
  ) {}

  /** `change` is null where the visit only went a step on. Throws PatientNotYetKnown. */
  async execute(tx: Tx, appointment: AppointmentSnapshot, change: VisitChange | null, at: Instant): Promise<void> {
    // Why the patient first: whoever changes the patient holds the record and then the visits.
    const reach = await this.patients.reachForPlanning(tx, appointment.patient);
    if (!reach) throw new PatientNotYetKnown();
    const before = await this.appointments.lock(tx, appointment.id);
    if (before && before.revision > appointment.revision) return;
    const revised = !before || before.revision < appointment.revision;
    const revisedAt = revised ? at : before.revisedAt;
    await this.appointments.save(tx, appointment, revisedAt);
    const visit: KnownAppointment = { ...appointment, revisedAt, confirmed: appointment.participation === 'accepted' };
    const stands = appointment.status === 'booked';
    if (revised || !stands) await this.void(tx, visit, stands || revised ? 'superseded' : `visit-${appointment.status}`);
    if (revised) await this.calls.closeOf(tx, visit.id, 'superseded', visit.revision);
    if (!stands && change?.trigger !== 'cancelled') await this.calls.closeOf(tx, visit.id, `visit-${appointment.status}`);
    if (stands && visit.confirmed) await this.calls.closeOf(tx, visit.id, 'confirmed');
    if (change && (stands || change.trigger === 'cancelled')) await this.plan(tx, visit, reach, change);
  }

  /** Zone or quiet hours changed: what still waits gets new times. */
  async replan(tx: Tx, visit: KnownAppointment, reach: Reach): Promise<void> {
    await this.timers.takeOf(tx, visit.id);
    await this.plan(tx, visit, reach, { trigger: null, answersPatient: false, at: visit.revisedAt });
  }

  /** Ends what waits for a visit, each step with the reason. */
  async void(tx: Tx, visit: KnownAppointment, reason: string): Promise<void> {
    const taken = await this.timers.takeOf(tx, visit.id);
    await this.outcomes.record(tx, taken.map((timer) => ({ appointment: timer.appointment, revision: timer.revision, step: timer.step, plan: timer.plan, host: timer.host, patient: visit.patient, state: 'skipped', reason, idealAt: timer.idealAt, dueAt: timer.fireAt, request: null })));
  }

  private async plan(tx: Tx, visit: KnownAppointment, reach: Reach, change: VisitChange): Promise<void> {
    const plan = await this.plans.inForce(tx, visit.host);
    const settled = await this.outcomes.settledSteps(tx, visit.id, visit.revision);
    const waiting: Timer[] = [];
    const skipped: StepOutcome[] = [];
    for (const { step, time } of fixStepTimes(plan.steps, visit.start, reach, change)) {
      if (settled.has(step.id)) continue;
      const base = { appointment: visit.id, revision: visit.revision, step: step.id, plan: plan.id, host: visit.host, idealAt: time.idealAt };
      if (time.kind === 'skipped') skipped.push({ ...base, patient: visit.patient, state: 'skipped', reason: time.reason, dueAt: null, request: null });
      else waiting.push({ ...base, answersPatient: step.when.kind === 'at-once' && change.answersPatient, fireAt: time.dueAt, expiresAt: time.expiresAt, visitStart: visit.start });
    }
    await this.outcomes.record(tx, skipped);
    const atOnce = waiting.filter((timer) => timer.fireAt <= tx.now && this.isAtOnce(plan, timer));
    await this.timers.set(tx, waiting.filter((timer) => !atOnce.includes(timer)));
    await this.settle.execute(tx, atOnce.map((timer) => {
      const step = stepOf(plan, timer.step);
      return { timer, step, visit, decision: decideDue({ step, revision: timer.revision, expiresAt: timer.expiresAt, answersPatient: timer.answersPatient }, plan.steps, visit, reach, tx.now) };
    }));
  }

  private isAtOnce(plan: ReminderPlan, timer: Timer): boolean {
    return stepOf(plan, timer.step).when.kind === 'at-once';
  }
}

function stepOf(plan: ReminderPlan, id: string) {
  const step = plan.steps.find((found) => found.id === id);
  if (!step) throw new Error(`plan ${plan.id} has no step ${id}`);
  return step;
}
