import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { WhatIfRepository } from '../../what-if/persistence/what-if.repository';
import { plannerOf } from '../../planner';
import { TrialUnknown } from '../domain/trial.errors';
import { TrialRepository } from '../persistence/trial.repository';

/** Forgets a trial with what was simulated of it, also while it runs. Throws TrialUnknown. */
@Injectable()
export class ForgetTrial {
  constructor(private readonly work: UnitOfWork, private readonly trials: TrialRepository, private readonly whatIfs: WhatIfRepository) {}

  execute(actor: Actor, id: string): Promise<void> {
    return this.work.run(plannerOf(actor), async (tx) => {
      const whatIf = await this.trials.forget(tx, id);
      if (whatIf === null) throw new TrialUnknown();
      await this.whatIfs.forget(tx, whatIf);
      tx.audit.record({ action: 'trial.forgotten', entity: 'trial', entityId: id });
    });
  }
}
