import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import { yearsOf } from './domain/what-if-answer';
import { TooManyWhatIfs } from './domain/what-if.errors';
import { WhatIfRepository } from './persistence/what-if.repository';
import type { WhatIfTask } from './what-if-task';

/** Of one practice, waiting and running. */
const MOST_OPEN = 10;

/** Where questions wait for a thread. */
@Injectable()
export class WhatIfQueue {
  constructor(private readonly whatIfs: WhatIfRepository) {}

  /** False: there is one of this id. Throws TooManyWhatIfs. */
  async add(tx: Tx, { id, question, task }: { readonly id: string; readonly question: object; readonly task: WhatIfTask }): Promise<boolean> {
    if ((await this.whatIfs.open(tx, tx.actor.practice)) >= MOST_OPEN) throw new TooManyWhatIfs(MOST_OPEN);
    return this.whatIfs.add(tx, { id, question, task, total: yearsOf(task) });
  }
}
