import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { type PageQuery, afterOf, pageOf } from '../../list-cursor';
import { type QuotaPlan, QuotaPlanRepository } from '../persistence/quota-plan.repository';
import { plannerOf } from '../../planner';

/** Plans of the caller's practice, the newest first; an operator's list has all. Throws CursorUnreadable. */
@Injectable()
export class ListQuotaPlans {
  constructor(private readonly work: UnitOfWork, private readonly plans: QuotaPlanRepository) {}

  async execute(actor: Actor, page: PageQuery) {
    const after = afterOf(page);
    const found = await this.work.run(plannerOf(actor), (tx) => this.plans.list(tx, after, page.limit + 1));
    const { items, nextCursor } = pageOf(found, page.limit, ({ madeAt, id }) => ({ at: madeAt, id }));
    return { items: items.map(summaryOf), nextCursor };
  }
}

const summaryOf = ({ id, madeBy, madeAt, asked, inputs, solution: { method, practices, without, with: withPlan, lends } }: QuotaPlan) =>
  ({ id, madeBy, madeAt, inputs: inputs === null ? 'known' as const : 'given' as const, weeks: (inputs ?? asked)?.weeks ?? null, practices: practices.map(({ practice }) => practice), method, without, with: withPlan, slots: lends.reduce((sum, { slots }) => sum + slots, 0) });
