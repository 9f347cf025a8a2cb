import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { QuotaInputs } from '../domain/quota-inputs';
import { NotInTheQuotaPlan, NotOnePartnership, OperatorsGiveInputs, PlanTooLarge, QuotaKeyReused } from '../domain/quota-plan.errors';
import type { QuotaSolution } from '../domain/quota-solution';
import { scenarioOf } from '../domain/scenario';
import { type NewQuotaPlan, QuotaPlanRepository } from '../persistence/quota-plan.repository';
import { keyedId } from '../../keyed-id';
import { planInThread } from '../plan-in-thread';
import { quotaInputs } from '../quota-inputs.schema';
import type { QuotaQuestion } from '../quota-question.schema';
import { type TakenInputs, TakeQuotaInputs } from './take-quota-inputs';
import { plannerOf } from '../../planner';
import { TakingTurns } from '../../threads/taking-turns';

const SOLVER_SECONDS = 20;
/** For its turn; a worker has nobody waiting. */
const MOST_WAIT_SECONDS = { asked: 20, worker: 600 };

export type KnownQuotaPlan = Extract<NewQuotaPlan, { readonly known: object }>;

/** Solves the inputs and keeps them with what came out. Nothing is agreed by it. The same person with the same key gets the plan that there is. Throws NotInTheQuotaPlan, NotOnePartnership, IdempotencyKeyInvalid, QuotaKeyReused, ThreadTimedOut, TooManyWaiting; where inputs are taken from what is known, TooLittleKnownForQuotas, LeavesOutNoPartner, PlanTooLarge and OperatorsGiveInputs. */
@Injectable()
export class MakeQuotaPlan {
  private readonly solvers = new TakingTurns();

  constructor(private readonly work: UnitOfWork, private readonly plans: QuotaPlanRepository, private readonly inputs: TakeQuotaInputs) {}

  async execute(actor: Actor, body: QuotaInputs | QuotaQuestion, key: string | undefined): Promise<string> {
    const id = keyedId('quota-plan', actor, key);
    return 'practices' in body ? this.fromGiven(actor, id, body) : this.fromKnown(actor, id, body);
  }

  private async fromGiven(actor: Actor, id: string, inputs: QuotaInputs): Promise<string> {
    const practices = inputs.practices.map(({ practice }) => practice);
    if (actor.kind !== 'operator' && (actor.practice === null || !practices.includes(actor.practice))) throw new NotInTheQuotaPlan();
    const partnerships = await this.work.run(plannerOf(actor), (tx) => this.plans.partnerships(tx, practices));
    const theirs = partnerships.get(actor.practice ?? practices[0]!) ?? null;
    const others = practices.filter((practice) => theirs === null || partnerships.get(practice) !== theirs);
    if (others.length > 0) throw new NotOnePartnership(others);
    if (await this.isThere(actor, id, inputs)) return id;
    return this.keep(actor, { id, madeBy: actor.practice, inputs, solution: await this.solve(actor.practice, inputs) }, inputs);
  }

  private async fromKnown(actor: Actor, id: string, asked: QuotaQuestion): Promise<string> {
    const { practice } = actor;
    if (practice === null) throw new OperatorsGiveInputs();
    if (await this.isThere(actor, id, asked)) return id;
    return this.keep(actor, await this.planFor(id, practice, asked, await this.inputs.execute(actor, practice, asked)), asked);
  }

  /** A plan that is kept by nobody yet. What may not be known of single practices stands apart from what all of them read. Throws PlanTooLarge. */
  async planFor(id: string, madeBy: PracticeId | null, asked: QuotaQuestion, { inputs, scenarios }: TakenInputs): Promise<KnownQuotaPlan> {
    if (!quotaInputs.safeParse(inputs).success) throw new PlanTooLarge();
    const solution = await this.solve(madeBy, inputs, madeBy === null ? MOST_WAIT_SECONDS.worker : MOST_WAIT_SECONDS.asked);
    const hidden = solution.practices.map((one) => ({ ...one, unmetWithout: null, unmetWith: null }));
    return { id, madeBy, asked, known: { inputs, scenarios: [inputs, ...scenarios].map((one) => scenarioOf(one, solution.lends)), practices: solution.practices }, solution: { ...solution, practices: hidden } };
  }

  /** Why by turns, and outside a transaction: a solver takes a whole core for seconds. */
  private readonly solve = (practice: PracticeId | null, inputs: QuotaInputs, seconds = MOST_WAIT_SECONDS.asked): Promise<QuotaSolution> => this.solvers.run({ practice, seconds }, () => planInThread(inputs, SOLVER_SECONDS));

  private async keep(actor: Actor, plan: NewQuotaPlan, body: QuotaInputs | QuotaQuestion): Promise<string> {
    const { id, solution } = plan;
    const isNew = await this.work.run(plannerOf(actor), async (tx) => {
      if (!(await this.plans.add(tx, plan))) return false;
      tx.audit.record({ action: 'quota-plan.made', entity: 'quota-plan', entityId: id, details: { method: solution.method, inputs: 'known' in plan ? 'known' : 'given', practices: solution.practices.map(({ practice }) => practice).join(' ') } });
      return true;
    });
    if (!isNew) await this.isThere(actor, id, body);
    return id;
  }

  private async isThere(actor: Actor, id: string, body: QuotaInputs | QuotaQuestion): Promise<boolean> {
    const plan = await this.work.run(plannerOf(actor), (tx) => this.plans.find(tx, id));
    if (plan && !isDeepStrictEqual(plan.inputs ?? plan.asked, JSON.parse(JSON.stringify(body)))) throw new QuotaKeyReused();
    return plan !== null;
  }
}
