import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { type PageQuery, afterOf, pageOf } from '../../list-cursor';
import { WhatIfRepository } from '../persistence/what-if.repository';
import { plannerOf } from '../../planner';

/** What those asked who belong to the caller's practice (or are operators), the newest first. Throws CursorUnreadable. */
@Injectable()
export class ListWhatIfs {
  constructor(private readonly work: UnitOfWork, private readonly whatIfs: WhatIfRepository) {}

  async execute(actor: Actor, page: PageQuery) {
    const after = afterOf(page);
    const found = await this.work.run(plannerOf(actor), (tx) => this.whatIfs.list(tx, after, page.limit + 1));
    return pageOf(found, page.limit, ({ askedAt, id }) => ({ at: askedAt, id }));
  }
}
