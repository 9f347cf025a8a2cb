import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { QuotaInputs } from '../domain/quota-inputs';
import { NotInTheQuotaPlan, NotOnePartnership, QuotaKeyReused } from '../domain/quota-plan.errors';
import { QuotaPlanRepository } from '../persistence/quota-plan.repository';
import { keyedId } from '../../keyed-id';
import { planInThread } from '../plan-in-thread';
import { plannerOf } from '../quota-reader';
import { OneAfterAnother } from '../../threads/one-after-another';

const SOLVER_SECONDS = 20;

/** Solves the inputs and keeps them with what came out. Nothing is agreed by it. The same person with the same key gets the plan that there is. Throws NotInTheQuotaPlan, NotOnePartnership, IdempotencyKeyInvalid, QuotaKeyReused, ThreadTimedOut. */
@Injectable()
export class MakeQuotaPlan {
  private readonly solvers = new OneAfterAnother();

  constructor(private readonly work: UnitOfWork, private readonly plans: QuotaPlanRepository) {}

  async execute(actor: Actor, inputs: QuotaInputs, key: string | undefined): Promise<string> {
    const practices = inputs.practices.map(({ practice }) => practice);
    if (actor.kind !== 'operator' && (actor.practice === null || !practices.includes(actor.practice))) throw new NotInTheQuotaPlan();
    const partnerships = await this.work.run(plannerOf(actor), (tx) => this.plans.partnerships(tx, practices));
    const theirs = partnerships.get(actor.practice ?? practices[0]!) ?? null;
    const others = practices.filter((practice) => theirs === null || partnerships.get(practice) !== theirs);
    if (others.length > 0) throw new NotOnePartnership(others);
    const id = keyedId('quota-plan', actor, key);
    if (await this.isThere(actor, id, inputs)) return id;
    // Why one after the other, and outside a transaction: a solver takes a whole core for seconds.
    const solution = await this.solvers.run(() => planInThread(inputs, SOLVER_SECONDS));
    const isNew = await this.work.run(plannerOf(actor), async (tx) => {
      if (!(await this.plans.add(tx, { id, madeBy: actor.practice, inputs, solution }))) return false;
      tx.audit.record({ action: 'quota-plan.made', entity: 'quota-plan', entityId: id, details: { method: solution.method, practices: practices.join(' ') } });
      return true;
    });
    if (!isNew) await this.isThere(actor, id, inputs);
    return id;
  }

  private async isThere(actor: Actor, id: string, inputs: QuotaInputs): Promise<boolean> {
    const plan = await this.work.run(plannerOf(actor), (tx) => this.plans.find(tx, id));
    if (plan && !isDeepStrictEqual(plan.inputs, inputs)) throw new QuotaKeyReused();
    return plan !== null;
  }
}
