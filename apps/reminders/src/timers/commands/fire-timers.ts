import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { PlanRepository } from '../../plans/persistence/plan.repository';
import { decideDue } from '../domain/due-step';
import { PatientNotYetKnown } from '../domain/timer.errors';
import { type Timer, TimerRepository } from '../persistence/timer.repository';
import { KnowCircumstances } from './know-circumstances';
import { type Settled, SettleSteps } from './settle-steps';

const BATCH = 200;

/** Takes a batch of due timers and settles each in the same transaction: a crash gives all of them back, a commit none. */
@Injectable()
export class FireTimers {
  constructor(
    private readonly work: UnitOfWork,
    private readonly timers: TimerRepository,
    private readonly appointments: AppointmentRepository,
    private readonly patients: PatientRepository,
    private readonly plans: PlanRepository,
    private readonly circumstances: KnowCircumstances,
    private readonly settle: SettleSteps,
  ) {}

  /** Returns how many it took. */
  execute(): Promise<number> {
    return this.work.run(workerFor('timers', null), async (tx) => {
      const due = await this.timers.claim(tx, tx.now, BATCH);
      if (due.length > 0) await this.settle.execute(tx, await this.decide(tx, due));
      return due.length;
    });
  }

  private async decide(tx: Tx, due: readonly Timer[]): Promise<Settled[]> {
    const visits = await this.appointments.find(tx, due.map((timer) => timer.appointment));
    const reaches = await this.patients.reaches(tx, [...visits.values()].map((visit) => visit.patient));
    const taken = [];
    for (const timer of due) {
      const plan = await this.plans.byId(tx, timer.plan);
      const step = plan.steps.find((found) => found.id === timer.step);
      const visit = visits.get(timer.appointment);
      const reach = visit && reaches.get(visit.patient);
      // Why an error: timers are written together with the visit and after the patient, so this would be a fault of ours that must be seen.
      if (!step || !visit || !reach) throw new PatientNotYetKnown();
      taken.push({ timer, plan, step, visit, reach });
    }
    const circumstancesOf = await this.circumstances.execute(tx, taken);
    return taken.map(({ timer, plan, step, visit, reach }) => ({ timer, visit, zone: reach.zone, decision: decideDue({ ...timer, step }, plan.steps, visit, reach, circumstancesOf(visit), tx.now) }));
  }
}
