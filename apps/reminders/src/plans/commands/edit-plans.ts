import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { EditedPlan } from '../domain/edited-plan';
import { PlanChanged, PlanOfNetwork, PlanRetired, PlanUnknown, SelectorTaken, VisitTypeUnknown } from '../domain/plan.errors';
import type { PlanSelector } from '../domain/plan';
import { PlanRepository, type PlanVersion } from '../persistence/plan.repository';

/** What every change of a practice's plans keeps, under one lock. */
@Injectable()
export class EditPlans {
  constructor(private readonly plans: PlanRepository) {}

  /** Throws VisitTypeUnknown, SelectorTaken. `but`: the plan that is changed itself. */
  async allow(tx: Tx, practice: PracticeId, { selector }: EditedPlan, but: string | null = null): Promise<void> {
    if (selector.visitType !== null && !(await this.plans.knowsVisitType(tx, practice, selector.visitType))) throw new VisitTypeUnknown();
    const same = (await this.plans.current(tx, practice)).find((plan) => plan.practice === practice && plan.plan !== but && isSame(plan.selector, selector));
    if (same) throw new SelectorTaken(same.plan);
  }

  /** The newest version of a plan of the practice. `expected`: the version that the caller saw, null where the caller does not mind. Throws PlanUnknown, PlanOfNetwork, PlanRetired, PlanChanged. */
  async newest(tx: Tx, practice: PracticeId, id: string, expected: number | null): Promise<PlanVersion> {
    const [newest] = await this.plans.versions(tx, id);
    if (!newest) throw new PlanUnknown();
    if (newest.practice === null) throw new PlanOfNetwork();
    if (newest.practice !== practice) throw new PlanUnknown();
    if (newest.retired) throw new PlanRetired();
    if (expected !== null && expected !== newest.version) throw new PlanChanged(newest.version);
    return newest;
  }
}

const isSame = (a: PlanSelector, b: PlanSelector): boolean => a.visitType === b.visitType && a.language === b.language && a.leadDaysMin === b.leadDaysMin && a.leadDaysMax === b.leadDaysMax;
