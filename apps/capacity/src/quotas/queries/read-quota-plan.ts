import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork, onBehalfOf } from '@slotmesh/persistence';
import { amendedTerms, type PresentTerms, quotaRules, type QuotaRule } from '../domain/quota-amendment';
import { NotPartiesOfTheAgreement, QuotaPlanUnknown } from '../domain/quota-plan.errors';
import type { PracticeInputs } from '../domain/quota-inputs';
import type { Scenario } from '../domain/scenario';
import { type QuotaPlan, QuotaPlanRepository } from '../persistence/quota-plan.repository';
import { plannerOf } from '../../planner';

export interface QuotaPlanView extends QuotaPlan {
  /** Share rules by which an agreement would hold the plan. */
  readonly rules: readonly QuotaRule[];
  /** Where inputs were taken from what is known: those of the reader's own practice, and what the plan would be worth at other demand. */
  readonly known: { readonly own: PracticeInputs | null; readonly scenarios: readonly Scenario[] } | null;
}

/** Throws QuotaPlanUnknown. */
@Injectable()
export class ReadQuotaPlan {
  constructor(private readonly work: UnitOfWork, private readonly plans: QuotaPlanRepository) {}

  async execute(actor: Actor, id: string): Promise<QuotaPlanView> {
    const plan = await this.work.run(plannerOf(actor), (tx) => this.plans.find(tx, id));
    if (!plan) throw new QuotaPlanUnknown();
    return this.viewOf(actor, plan);
  }

  private async viewOf(actor: Actor, plan: QuotaPlan): Promise<QuotaPlanView> {
    const rules = quotaRules(plan.solution);
    if (plan.asked === null) return { ...plan, rules, known: null };
    // Why as a worker: the role of requests cannot read what is known of partners. Of it the reader gets their own part (P18).
    const known = await this.work.run(onBehalfOf(actor), (tx) => this.plans.known(tx, plan.id));
    const isOwn = ({ practice }: { readonly practice: string }): boolean => practice === actor.practice;
    const practices = plan.solution.practices.map((one) => known?.practices.find((own) => isOwn(own) && own.practice === one.practice) ?? one);
    return { ...plan, solution: { ...plan.solution, practices }, rules, known: known && { own: known.inputs.practices.find(isOwn) ?? null, scenarios: known.scenarios } };
  }

  /** Throws NotPartiesOfTheAgreement as well. */
  async amendment<Terms extends PresentTerms>(actor: Actor, id: string, terms: Terms, effectiveFrom: string): Promise<Terms> {
    const plan = await this.work.run(plannerOf(actor), (tx) => this.plans.find(tx, id));
    if (!plan) throw new QuotaPlanUnknown();
    const { solution } = plan;
    const strangers = [...new Set(solution.lends.flatMap(({ lender, borrower }) => [lender, borrower]))].filter((practice) => !terms.practices.includes(practice));
    if (strangers.length > 0) throw new NotPartiesOfTheAgreement(strangers);
    const inputs = plan.inputs ?? (await this.work.run(onBehalfOf(actor), (tx) => this.plans.known(tx, id)))?.inputs;
    return amendedTerms(terms, solution, inputs?.practices ?? [], effectiveFrom);
  }
}
