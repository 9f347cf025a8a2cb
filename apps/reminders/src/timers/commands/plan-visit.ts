import { Injectable } from '@nestjs/common';
import type { AppointmentSnapshot } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AppointmentRepository, type KnownAppointment } from '../../appointments/persistence/appointment.repository';
import { CallListRepository } from '../../call-list/persistence/call-list.repository';
import { PlanOfVisit } from '../../experiments/commands/plan-of-visit';
import type { Reach } from '../../patients/domain/reach';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { leadDaysOf } from '../../plans/domain/choose-plan';
import type { PlanStep, ReminderPlan } from '../../plans/domain/plan';
import { fixStepTimes } from '../../plans/domain/plan-steps';
import type { VisitChange } from '../../plans/domain/step-time';
import { PlanRepository } from '../../plans/persistence/plan.repository';
import { decideDue } from '../domain/due-step';
import { PatientNotYetKnown } from '../domain/timer.errors';
import { type StepOutcome, StepOutcomeRepository } from '../persistence/step-outcome.repository';
import { type Timer, TimerRepository } from '../persistence/timer.repository';
import { KnowCircumstances } from './know-circumstances';
import { SettleSteps } from './settle-steps';

/** Why a step that followed an outcome stays away; it may be planned again with the next one. */
const CORRECTED = 'outcome-corrected';
/** Why a step stays away of a patient who is there; where that was a mistake, it may be planned again. */
const THERE: readonly string[] = ['visit-arrived', 'visit-checked-in'];

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
    private readonly circumstances: KnowCircumstances,
    private readonly settle: SettleSteps,
    private readonly planOfVisit: PlanOfVisit,
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
    const visit: KnownAppointment = { ...appointment, revisedAt, confirmed: appointment.participation === 'accepted', confidential: appointment.confidential ?? false };
    const stands = appointment.status === 'booked';
    const wentOn = before !== null && before.status !== appointment.status;
    if (revised || (!stands && wentOn)) await this.void(tx, visit, stands || revised ? 'superseded' : `visit-${appointment.status}`);
    else if (wentOn && isOutcome(before.status)) await this.void(tx, visit, CORRECTED);
    if (revised) await this.calls.closeOf(tx, visit.id, 'superseded', visit.revision);
    if (!stands && change?.trigger !== 'cancelled') await this.calls.closeOf(tx, visit.id, `visit-${appointment.status}`);
    if (stands && visit.confirmed) await this.calls.closeOf(tx, visit.id, 'confirmed');
    if (change && (stands || change.trigger === 'cancelled' || change.trigger === appointment.status)) await this.plan(tx, visit, reach, change, wentOn && isThere(before.status));
  }

  /** Zone, quiet hours or language changed: what still waits gets new times, by the plan that is in force now. */
  async replan(tx: Tx, visit: KnownAppointment, reach: Reach): Promise<void> {
    const taken = await this.timers.takeOf(tx, visit.id);
    const planned = await this.plan(tx, visit, reach, { trigger: null, answersPatient: false, at: visit.revisedAt }, false, new Set(taken.map(({ step }) => step)));
    const answers: Timer[] = [];
    const dropped: Timer[] = [];
    for (const timer of taken.filter(({ step }) => !planned.has(step))) {
      const step = (await this.plans.byId(tx, timer.plan)).steps.find(({ id }) => id === timer.step);
      // Why it stays: what answers a change is not planned a second time; quiet hours are looked at when it goes.
      (step?.when.kind === 'at-once' ? answers : dropped).push(timer);
    }
    await this.timers.set(tx, answers);
    await this.outcomes.record(tx, dropped.map((timer) => voided(timer, visit, 'plan-changed')));
  }

  /** Ends what waits for a visit, each step with the reason. */
  async void(tx: Tx, visit: KnownAppointment, reason: string): Promise<void> {
    const taken = await this.timers.takeOf(tx, visit.id);
    await this.outcomes.record(tx, taken.map((timer) => voided(timer, visit, reason)));
  }

  /** `reopened`: the patient was taken to be there. `waited`: the steps that waited before. Returns the steps that the change calls for. */
  private async plan(tx: Tx, visit: KnownAppointment, reach: Reach, change: VisitChange, reopened: boolean, waited: ReadonlySet<string> = new Set()): Promise<ReadonlySet<string>> {
    const plan = await this.planFor(tx, visit, reach, change);
    const follows = change.trigger === 'noshow' || change.trigger === 'fulfilled';
    if (follows) await this.outcomes.forgetSkipped(tx, visit.id, visit.revision, [CORRECTED]);
    else if (reopened) await this.outcomes.forgetSkipped(tx, visit.id, visit.revision, THERE);
    const settled = await this.outcomes.settledSteps(tx, visit.id, visit.revision);
    const waiting: { step: PlanStep; timer: Timer }[] = [];
    const skipped: StepOutcome[] = [];
    const steps = fixStepTimes(plan.steps, visit, reach, change);
    for (const { step, time } of steps) {
      if (settled.has(step.id)) continue;
      const base = { appointment: visit.id, revision: visit.revision, step: step.id, plan: plan.id, host: visit.host, idealAt: time.idealAt };
      const skip = (reason: string): void => void skipped.push({ ...base, patient: visit.patient, state: 'skipped', reason, dueAt: null, request: null });
      if (time.kind === 'skipped') skip(time.reason);
      // Why: a step that the plan did not have before may say what another one has said already under its old name.
      else if (change.trigger === null && time.dueAt <= tx.now && !waited.has(step.id)) skip('past-when-replanned');
      // Why not the start for what follows a visit: the nearest visit goes first after an outage, and this one is over.
      else waiting.push({ step, timer: { ...base, answersPatient: step.when.kind === 'at-once' && change.answersPatient, fireAt: time.dueAt, expiresAt: time.expiresAt, visitStart: follows ? time.expiresAt : visit.start } });
    }
    await this.outcomes.record(tx, skipped);
    const atOnce = waiting.filter(({ step, timer }) => timer.fireAt <= tx.now && step.when.kind === 'at-once');
    await this.timers.set(tx, waiting.filter((one) => !atOnce.includes(one)).map(({ timer }) => timer));
    const circumstancesOf = await this.circumstances.execute(tx, atOnce.map(({ step }) => ({ step, visit })));
    await this.settle.execute(tx, atOnce.map(({ step, timer }) => ({ timer, visit, zone: reach.zone, decision: decideDue({ ...timer, step }, plan.steps, visit, reach, circumstancesOf(visit), tx.now) })));
    return new Set(steps.map(({ step }) => step.id));
  }

  /** What follows a visit follows the plan by which the visit was planned; all else the one that is in force, or the visit's arm of an experiment. */
  private async planFor(tx: Tx, visit: KnownAppointment, reach: Reach, change: VisitChange): Promise<ReminderPlan> {
    const kept = change.trigger === 'noshow' || change.trigger === 'fulfilled' ? await this.outcomes.planOf(tx, visit.id, visit.revision) : null;
    if (kept !== null) return this.plans.byId(tx, kept);
    return this.planOfVisit.execute(tx, visit, { host: visit.host, visitType: visit.visitType, language: reach.language, leadDays: leadDaysOf(visit.revisedAt, visit.start, reach.zone) }, change);
  }
}

const isThere = (status: KnownAppointment['status']): boolean => status === 'arrived' || status === 'checked-in';
const isOutcome = (status: KnownAppointment['status']): boolean => status === 'noshow' || status === 'fulfilled';

const voided = (timer: Timer, visit: KnownAppointment, reason: string): StepOutcome => ({
  appointment: timer.appointment, revision: timer.revision, step: timer.step, plan: timer.plan, host: timer.host, patient: visit.patient, state: 'skipped', reason, idealAt: timer.idealAt, dueAt: timer.fireAt, request: null,
});
