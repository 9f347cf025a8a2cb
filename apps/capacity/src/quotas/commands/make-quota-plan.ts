import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { newId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { QuotaInputs } from '../domain/quota-inputs';
import { NotInTheQuotaPlan, NotOnePartnership, QuotaKeyInvalid, QuotaKeyReused } from '../domain/quota-plan.errors';
import { QuotaPlanRepository } from '../persistence/quota-plan.repository';
import { planInThread } from '../plan-in-thread';
import { plannerOf } from '../quota-reader';
import { OneAfterAnother } from '../../threads/one-after-another';

const SOLVER_SECONDS = 20;

/** Solves the inputs and keeps them with what came out. Nothing is agreed by it. The same person with the same key gets the plan that there is. Throws NotInTheQuotaPlan, NotOnePartnership, QuotaKeyInvalid, QuotaKeyReused, ThreadTimedOut. */
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
    if (key !== undefined && (key.trim().length === 0 || key.length > 255)) throw new QuotaKeyInvalid();
    const id = key === undefined ? newId() : idOf(actor, key);
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

/** A UUID version 8 (RFC 9562) of who asks and the key, so that the table's own key keeps a repetition out. */
function idOf({ subject, practice }: Actor, key: string): string {
  const hex = createHash('sha256').update(JSON.stringify(['quota-plan', practice, subject, key])).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
