import { Injectable } from '@nestjs/common';
import { type PracticeId, newId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { PlanRepository } from '../persistence/plan.repository';
import { EditPlans } from './edit-plans';

/** No further visit is planned by it; its versions stay, because visits were. */
@Injectable()
export class RetirePlan {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository, private readonly edit: EditPlans) {}

  /** Throws PlanUnknown, PlanOfNetwork, PlanRetired, PlanChanged. */
  async execute(actor: Actor, practice: PracticeId, plan: string, expected: number | null): Promise<void> {
    await this.work.run(actor, async (tx) => {
      await this.plans.lockPlansOf(tx, practice);
      const newest = await this.edit.newest(tx, practice, plan, expected);
      const { steps } = await this.plans.byId(tx, newest.id);
      await this.plans.add(tx, { ...newest, id: newId(), plan, practice, version: newest.version + 1, steps, retired: true, by: actor.subject }, tx.now);
      tx.audit.record({ action: 'plan.retired', entity: 'reminder-plan', entityId: plan, details: { version: newest.version + 1 } });
    });
  }
}
