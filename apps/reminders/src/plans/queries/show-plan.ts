import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { PlanUnknown } from '../domain/plan.errors';
import { PlanRepository } from '../persistence/plan.repository';
import { shownVersion } from './shown-plan';

/** A plan as it stands, with all its versions, newest first, and who made each. */
@Injectable()
export class ShowPlan {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository) {}

  /** Throws PlanUnknown. */
  execute(actor: Actor, practice: PracticeId, id: string) {
    return this.work.run(actor, async (tx) => {
      const versions = [];
      for (const version of await this.plans.versions(tx, id)) {
        if (version.practice === null || version.practice === practice) versions.push(shownVersion(version, (await this.plans.byId(tx, version.id)).steps));
      }
      const [newest] = versions;
      if (!newest) throw new PlanUnknown();
      return { ...newest, versions };
    });
  }
}
