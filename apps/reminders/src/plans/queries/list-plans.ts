import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { PlanRepository } from '../persistence/plan.repository';

/** The practice's own plans and the network's, newest first, and which of them is in force. */
@Injectable()
export class ListPlans {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository) {}

  execute(actor: Actor, practice: PracticeId) {
    return this.work.run(actor, async (tx) => {
      const inForce = await this.plans.inForce(tx, practice);
      return (await this.plans.list(tx)).map((plan) => ({ ...plan, inForce: plan.id === inForce.id }));
    });
  }
}
