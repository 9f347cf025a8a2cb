import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import { changed } from '../simulation/domain/changes';
import { MOST_LOAD, MOST_SLOTS_PER_DAY } from '../simulation/domain/partnership';
import { workOf } from '../simulation/domain/simulated-work';
import { yearsOf } from './domain/what-if-answer';
import { CannotBeSimulated, ChangesTooLarge, TooManyWhatIfs, TooMuchToSimulate } from './domain/what-if.errors';
import { WhatIfRepository } from './persistence/what-if.repository';
import { type WhatIfTask, whatIfTask } from './what-if-task';

/** Of one practice, waiting and running. */
const MOST_OPEN = 10;
/** Slots a day, or requests where they are more, times simulated years: minutes of a core. Six practices of twenty slots with 60 runs of advice have an eighth of it. */
const MOST_SLOT_YEARS = 480_000;
const MOST_PRACTICES = 30;

/** Where questions wait for a thread. */
@Injectable()
export class WhatIfQueue {
  constructor(private readonly whatIfs: WhatIfRepository) {}

  /** False: there is one of this id. Throws NotInPartnership, CannotBeSimulated, ChangesTooLarge, TooMuchToSimulate, TooManyWhatIfs: what cannot be tried is told now, not when its turn comes. */
  async add(tx: Tx, { id, question, task }: { readonly id: string; readonly question: object; readonly task: WhatIfTask }): Promise<boolean> {
    const { practices } = task.partnership;
    if (practices.length > MOST_PRACTICES) throw new TooMuchToSimulate();
    // Why before it is kept: what cannot be read again would end only when its turn comes.
    if (!whatIfTask.safeParse(task).success) throw new CannotBeSimulated();
    const tried = (task.changes ?? []).reduce(changed, task.partnership);
    if (tried.practices.some(({ load, slotsPerDay }) => load > MOST_LOAD || slotsPerDay > MOST_SLOTS_PER_DAY)) throw new ChangesTooLarge();
    if (workOf(task.partnership, task.changes, task.settings.runs) > MOST_SLOT_YEARS) throw new TooMuchToSimulate();
    if ((await this.whatIfs.open(tx, tx.actor.practice)) >= MOST_OPEN) throw new TooManyWhatIfs(MOST_OPEN);
    return this.whatIfs.add(tx, { id, question, task, total: yearsOf(task) });
  }
}
