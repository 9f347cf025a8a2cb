import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { WhatIfOver, WhatIfUnknown } from '../domain/what-if.errors';
import { WhatIfRepository } from '../persistence/what-if.repository';
import { plannerOf } from '../../planner';

/** Ends a question that waits or runs; whoever runs it stops within a second. Cancelled twice is cancelled. Throws WhatIfUnknown, WhatIfOver. */
@Injectable()
export class CancelWhatIf {
  constructor(private readonly work: UnitOfWork, private readonly whatIfs: WhatIfRepository) {}

  execute(actor: Actor, id: string): Promise<void> {
    return this.work.run(plannerOf(actor), async (tx) => {
      if (await this.whatIfs.cancel(tx, id)) {
        tx.audit.record({ action: 'what-if.cancelled', entity: 'what-if', entityId: id });
        return;
      }
      const found = await this.whatIfs.find(tx, id);
      if (!found) throw new WhatIfUnknown();
      if (found.state !== 'cancelled') throw new WhatIfOver();
    });
  }
}
