import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { PlanSelector } from '../domain/plan';
import { PlanRepository } from '../persistence/plan.repository';
import { shownVersion } from './shown-plan';

/** The newest version of each plan of the practice, and of the network's, which is in force as long as the practice has none for every visit. */
@Injectable()
export class ListPlans {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository) {}

  execute(actor: Actor, practice: PracticeId) {
    return this.work.run(actor, async (tx) => {
      const plans = await this.plans.current(tx, practice);
      const hasOwnForAll = plans.some((plan) => plan.practice === practice && isForAll(plan.selector));
      const items = [];
      for (const plan of plans) items.push({ ...shownVersion(plan, (await this.plans.byId(tx, plan.id)).steps), inForce: plan.practice !== null || !hasOwnForAll });
      return items;
    });
  }
}

const isForAll = ({ visitType, language, leadDaysMin, leadDaysMax }: PlanSelector): boolean => visitType === null && language === null && (leadDaysMin ?? 0) === 0 && leadDaysMax === null;
