import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import { yearsOf } from './domain/what-if-answer';
import { TooManyWhatIfs, TooMuchToSimulate } from './domain/what-if.errors';
import { WhatIfRepository } from './persistence/what-if.repository';
import type { WhatIfTask } from './what-if-task';

/** Of one practice, waiting and running. */
const MOST_OPEN = 10;
/** Slots a day times simulated years: minutes of a core. Six practices of twenty slots with 60 runs of advice have an eighth of it. */
const MOST_SLOT_YEARS = 480_000;
const MOST_PRACTICES = 30;

/** Where questions wait for a thread. */
@Injectable()
export class WhatIfQueue {
  constructor(private readonly whatIfs: WhatIfRepository) {}

  /** False: there is one of this id. Throws TooManyWhatIfs, TooMuchToSimulate. */
  async add(tx: Tx, { id, question, task }: { readonly id: string; readonly question: object; readonly task: WhatIfTask }): Promise<boolean> {
    const { practices } = task.partnership;
    const slots = practices.reduce((sum, { slotsPerDay }) => sum + slotsPerDay, 0);
    if (practices.length > MOST_PRACTICES || slots * yearsOf(task) > MOST_SLOT_YEARS) throw new TooMuchToSimulate();
    if ((await this.whatIfs.open(tx, tx.actor.practice)) >= MOST_OPEN) throw new TooManyWhatIfs(MOST_OPEN);
    return this.whatIfs.add(tx, { id, question, task, total: yearsOf(task) });
  }
}
