import { Injectable } from '@nestjs/common';
import { newId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { randomBytes } from 'node:crypto';
import { ANY_VISIT } from '../../plans/domain/plan';
import { PlanRepository } from '../../plans/persistence/plan.repository';
import { CONTROL, type Experiment, type ExperimentDraft } from '../domain/experiment';
import { ExperimentRepository } from '../persistence/experiment.repository';
import { KeepControl } from './keep-control';

const SEED_BYTES = 32;

/** Somebody of the practice proposes an experiment. */
@Injectable()
export class DraftExperiment {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository, private readonly experiments: ExperimentRepository, private readonly control: KeepControl) {}

  /** Throws ControlNotInForce, ArmIsLess. */
  execute({ actor, practice }: StaffCaller, draft: ExperimentDraft): Promise<Experiment> {
    return this.work.run(actor, async (tx) => {
      await this.control.allow(tx, practice, draft.control.plan, draft.arms);
      const arms = draft.arms.map((arm) => ({ ...arm, plan: newId() }));
      const experiment: Experiment = {
        id: newId(), practice, name: draft.name, controlPlan: draft.control.plan, controlVersion: null, arms: [{ key: CONTROL, weight: draft.control.weight, plan: null }, ...arms.map(({ key, weight, plan }) => ({ key, weight, plan }))],
        patients: draft.patients, looks: draft.looks, days: draft.days, seed: randomBytes(SEED_BYTES).toString('base64url'), state: 'draft', madeBy: actor.subject, madeAt: tx.now,
        approvedBy: null, approvedAt: null, startedAt: null, endsAt: null, stoppedAt: null, stoppedBy: null, because: null, reason: null,
      };
      await this.experiments.add(tx, experiment);
      for (const { key, plan, steps } of arms) {
        await this.plans.add(tx, { id: plan, plan, practice, version: 1, name: key, selector: ANY_VISIT, steps, retired: false, by: actor.subject, experiment: experiment.id }, tx.now);
      }
      tx.audit.record({ action: 'experiment.proposed', entity: 'experiment', entityId: experiment.id, details: { controlPlan: experiment.controlPlan, patients: experiment.patients } });
      return experiment;
    });
  }
}
