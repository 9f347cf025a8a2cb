import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { WhatIfUnknown } from '../domain/what-if.errors';
import { type WhatIf, WhatIfRepository } from '../persistence/what-if.repository';
import { plannerOf } from '../../planner';

/** Throws WhatIfUnknown. */
@Injectable()
export class ReadWhatIf {
  constructor(private readonly work: UnitOfWork, private readonly whatIfs: WhatIfRepository) {}

  async execute(actor: Actor, id: string): Promise<WhatIf> {
    const found = await this.work.run(plannerOf(actor), (tx) => this.whatIfs.find(tx, id));
    if (!found) throw new WhatIfUnknown();
    return found;
  }
}
