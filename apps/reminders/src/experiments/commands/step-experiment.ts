import { Injectable } from '@nestjs/common';
import { DAY, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { PlanRepository } from '../../plans/persistence/plan.repository';
import { CONTROL, type Experiment } from '../domain/experiment';
import { AnotherClinicianApproves, ControlTaken, ExperimentNotThere, ExperimentStopped, ExperimentUnknown } from '../domain/experiment.errors';
import { ExperimentRepository } from '../persistence/experiment.repository';
import { KeepControl } from './keep-control';

/** People approve, start and stop an experiment; each is audited by name. */
@Injectable()
export class StepExperiment {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository, private readonly experiments: ExperimentRepository, private readonly control: KeepControl) {}

  /** Throws ExperimentUnknown, ExperimentNotThere, AnotherClinicianApproves. */
  approve(caller: StaffCaller, id: string): Promise<Experiment> {
    return this.step(caller, id, 'experiment.approved', async (tx, experiment) => {
      if (experiment.state !== 'draft') throw new ExperimentNotThere(experiment.state, 'draft');
      if (experiment.madeBy === caller.actor.subject || !caller.roles.includes('clinician')) throw new AnotherClinicianApproves();
      return { ...experiment, state: 'approved', approvedBy: caller.actor.subject, approvedAt: tx.now };
    });
  }

  /** Visits booked from now on are given arms. Throws ExperimentUnknown, ExperimentNotThere, ControlTaken, ControlNotInForce, ArmIsLess. */
  start(caller: StaffCaller, id: string): Promise<Experiment> {
    return this.step(caller, id, 'experiment.started', async (tx, experiment) => {
      if (experiment.state !== 'approved') throw new ExperimentNotThere(experiment.state, 'approved');
      await this.plans.lockPlansOf(tx, caller.practice);
      const other = await this.experiments.runningAbout(tx, caller.practice, experiment.controlPlan);
      if (other !== null) throw new ControlTaken(other);
      const arms = [];
      for (const { key, plan } of experiment.arms) if (key !== CONTROL && plan !== null) arms.push({ key, steps: (await this.plans.byId(tx, plan)).steps });
      const control = await this.control.allow(tx, caller.practice, experiment.controlPlan, arms);
      return { ...experiment, state: 'running', controlVersion: control.id, startedAt: tx.now, endsAt: plusMs(tx.now, experiment.days * DAY) };
    });
  }

  /** In any state. Throws ExperimentUnknown, ExperimentStopped. */
  stop(caller: StaffCaller, id: string, reason: string): Promise<Experiment> {
    return this.step(caller, id, 'experiment.stopped', async (tx, experiment) => {
      if (experiment.state === 'stopped') throw new ExperimentStopped();
      return { ...experiment, state: 'stopped', stoppedAt: tx.now, stoppedBy: caller.actor.subject, because: 'person', reason };
    });
  }

  private step({ actor, practice }: StaffCaller, id: string, action: string, change: (tx: Tx, experiment: Experiment) => Promise<Experiment>): Promise<Experiment> {
    return this.work.run(actor, async (tx) => {
      const experiment = await this.experiments.lock(tx, id);
      if (experiment?.practice !== practice) throw new ExperimentUnknown();
      const next = await change(tx, experiment);
      await this.experiments.step(tx, next);
      tx.audit.record({ action, entity: 'experiment', entityId: id });
      return next;
    });
  }
}
