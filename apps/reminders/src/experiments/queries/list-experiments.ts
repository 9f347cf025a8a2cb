import { Injectable } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { PlanRepository } from '../../plans/persistence/plan.repository';
import type { Experiment } from '../domain/experiment';
import { ExperimentUnknown } from '../domain/experiment.errors';
import { ExperimentRepository } from '../persistence/experiment.repository';

/** Experiments of a practice as people read them. */
@Injectable()
export class ListExperiments {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository, private readonly experiments: ExperimentRepository) {}

  execute(actor: Actor, after: string | null, limit: number) {
    return this.work.run(actor, async (tx) => {
      const items = [];
      for (const experiment of await this.experiments.list(tx, after, limit)) items.push(await this.shown(tx, experiment));
      return items;
    });
  }

  /** Throws ExperimentUnknown. */
  one({ actor, practice }: StaffCaller, id: string) {
    return this.work.run(actor, async (tx) => {
      const experiment = await this.experiments.find(tx, id);
      if (experiment?.practice !== practice) throw new ExperimentUnknown();
      return this.shown(tx, experiment);
    });
  }

  /** The seed stays hidden until nobody can choose an arm by it any more. */
  private async shown(tx: Tx, { seed, arms, madeAt, approvedAt, startedAt, endsAt, stoppedAt, ...experiment }: Experiment) {
    const time = (at: typeof startedAt): string | null => (at === null ? null : formatInstant(at));
    const shownArms = [];
    for (const { key, weight, plan } of arms) shownArms.push({ key, weight, steps: plan === null ? null : (await this.plans.byId(tx, plan)).steps });
    return { ...experiment, arms: shownArms, seed: experiment.state === 'stopped' ? seed : null, madeAt: formatInstant(madeAt), approvedAt: time(approvedAt), startedAt: time(startedAt), endsAt: time(endsAt), stoppedAt: time(stoppedAt) };
  }
}
