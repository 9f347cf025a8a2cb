import { Injectable } from '@nestjs/common';
import { newId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { QuotaInputs } from '../domain/quota-inputs';
import { NotInTheQuotaPlan, NotOnePartnership } from '../domain/quota-plan.errors';
import { QuotaPlanRepository } from '../persistence/quota-plan.repository';
import { planInThread } from '../plan-in-thread';
import { plannerOf } from '../quota-reader';

const SOLVER_SECONDS = 20;

/** Solves the inputs and keeps them with what came out. Nothing is agreed by it. Throws NotInTheQuotaPlan, NotOnePartnership. */
@Injectable()
export class MakeQuotaPlan {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly work: UnitOfWork, private readonly plans: QuotaPlanRepository) {}

  async execute(actor: Actor, inputs: QuotaInputs): Promise<string> {
    const practices = inputs.practices.map(({ practice }) => practice);
    if (actor.kind !== 'operator' && (actor.practice === null || !practices.includes(actor.practice))) throw new NotInTheQuotaPlan();
    const partnerships = await this.work.run(plannerOf(actor), (tx) => this.plans.partnerships(tx, practices));
    const theirs = partnerships.get(actor.practice ?? practices[0]!) ?? null;
    const others = practices.filter((practice) => theirs === null || partnerships.get(practice) !== theirs);
    if (others.length > 0) throw new NotOnePartnership(others);
    // Why one after the other, and outside a transaction: a solver takes a whole core for seconds.
    const solving = this.last.then(() => planInThread({ inputs, seconds: SOLVER_SECONDS }));
    this.last = solving.catch(() => undefined);
    const solution = await solving;
    const id = newId();
    await this.work.run(plannerOf(actor), async (tx) => {
      await this.plans.add(tx, { id, madeBy: actor.practice, inputs, solution });
      tx.audit.record({ action: 'quota-plan.made', entity: 'quota-plan', entityId: id, details: { method: solution.method, practices: practices.join(' ') } });
    });
    return id;
  }
}
