import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import type { KnownAppointment } from '../../appointments/persistence/appointment.repository';
import type { VisitToPlan } from '../../plans/domain/choose-plan';
import type { ReminderPlan } from '../../plans/domain/plan';
import type { VisitChange } from '../../plans/domain/step-time';
import { PlanRepository } from '../../plans/persistence/plan.repository';
import { chooseArm } from '../domain/choose-arm';
import { whatIsLess } from '../domain/never-less';
import { ExperimentRepository } from '../persistence/experiment.repository';
import { ExperimentVisitRepository } from '../persistence/experiment-visit.repository';

/** The plan of a visit: the one in force, or that of its arm where an experiment about the plan in force runs. */
@Injectable()
export class PlanOfVisit {
  /** By version of the plan in force and of the arm's; versions never change. */
  private readonly less = new Map<string, boolean>();

  constructor(private readonly plans: PlanRepository, private readonly experiments: ExperimentRepository, private readonly visits: ExperimentVisitRepository) {}

  async execute(tx: Tx, visit: Pick<KnownAppointment, 'id' | 'host' | 'patient'>, toPlan: VisitToPlan, change: VisitChange): Promise<ReminderPlan> {
    const inForce = await this.plans.chosen(tx, toPlan);
    const control = await this.plans.byId(tx, inForce.id);
    const chosen = chooseArm(await this.experiments.ofVisit(tx, visit.host, visit.id), visit.patient, inForce, change, tx.now);
    if (!chosen) return control;
    if (chosen.isNew) await this.visits.assign(tx, chosen.experiment, visit.id, visit.patient, chosen.arm.key);
    if (chosen.arm.plan === null) return control;
    const arm = await this.plans.byId(tx, chosen.arm.plan);
    // Why again: the visit may have moved to where another plan is in force, or that plan has grown since the experiment was approved.
    return this.isLess(control, arm) ? control : arm;
  }

  private isLess(control: ReminderPlan, arm: ReminderPlan): boolean {
    const key = `${control.id} ${arm.id}`;
    const known = this.less.get(key) ?? whatIsLess(control.steps, arm.steps).length > 0;
    this.less.set(key, known);
    return known;
  }
}
