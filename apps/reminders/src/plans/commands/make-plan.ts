import { Injectable } from '@nestjs/common';
import { type PracticeId, newId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { EditedPlan } from '../domain/edited-plan';
import { PlanRepository } from '../persistence/plan.repository';
import { EditPlans } from './edit-plans';

/** A new plan of the practice, for visits that are booked or moved from now on. */
@Injectable()
export class MakePlan {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository, private readonly edit: EditPlans) {}

  /** Returns its id. Throws VisitTypeUnknown, SelectorTaken. */
  execute(actor: Actor, practice: PracticeId, edited: EditedPlan): Promise<string> {
    return this.work.run(actor, async (tx) => {
      await this.plans.lockPlansOf(tx, practice);
      await this.edit.allow(tx, practice, edited);
      const id = newId();
      await this.plans.add(tx, { ...edited, id, plan: id, practice, version: 1, retired: false, by: actor.subject }, tx.now);
      tx.audit.record({ action: 'plan.made', entity: 'reminder-plan', entityId: id, details: { version: 1 } });
      return id;
    });
  }
}
