import { Injectable } from '@nestjs/common';
import { type PracticeId, newId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { EditedPlan } from '../domain/edited-plan';
import { PlanRepository } from '../persistence/plan.repository';
import { EditPlans } from './edit-plans';

/** A new version of a plan. Visits that are planned already keep theirs until they are planned again. */
@Injectable()
export class ChangePlan {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository, private readonly edit: EditPlans) {}

  /** Throws PlanUnknown, PlanOfNetwork, PlanRetired, PlanChanged, VisitTypeUnknown, SelectorTaken. */
  async execute(actor: Actor, practice: PracticeId, plan: string, expected: number | null, edited: EditedPlan): Promise<void> {
    await this.work.run(actor, async (tx) => {
      await this.plans.lockPlansOf(tx, practice);
      const { version } = await this.edit.newest(tx, practice, plan, expected);
      await this.edit.allow(tx, practice, edited, plan);
      await this.plans.add(tx, { ...edited, id: newId(), plan, practice, version: version + 1, retired: false, by: actor.subject }, tx.now);
      tx.audit.record({ action: 'plan.changed', entity: 'reminder-plan', entityId: plan, details: { version: version + 1 } });
    });
  }
}
