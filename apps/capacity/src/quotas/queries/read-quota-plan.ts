import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { amendedTerms, type PresentTerms, quotaRules, type QuotaRule } from '../domain/quota-amendment';
import { NotPartiesOfTheAgreement, QuotaPlanUnknown } from '../domain/quota-plan.errors';
import { type QuotaPlan, QuotaPlanRepository } from '../persistence/quota-plan.repository';
import { plannerOf } from '../quota-reader';

export interface QuotaPlanView extends QuotaPlan {
  /** Share rules by which an agreement would hold the plan. */
  readonly rules: readonly QuotaRule[];
}

/** Throws QuotaPlanUnknown. */
@Injectable()
export class ReadQuotaPlan {
  constructor(private readonly work: UnitOfWork, private readonly plans: QuotaPlanRepository) {}

  async execute(actor: Actor, id: string): Promise<QuotaPlanView> {
    const plan = await this.work.run(plannerOf(actor), (tx) => this.plans.find(tx, id));
    if (!plan) throw new QuotaPlanUnknown();
    return { ...plan, rules: quotaRules(plan.solution) };
  }

  /** Throws NotPartiesOfTheAgreement as well. */
  async amendment<Terms extends PresentTerms>(actor: Actor, id: string, terms: Terms, effectiveFrom: string): Promise<Terms> {
    const { solution } = await this.execute(actor, id);
    const strangers = [...new Set(solution.lends.flatMap(({ lender, borrower }) => [lender, borrower]))].filter((practice) => !terms.practices.includes(practice));
    if (strangers.length > 0) throw new NotPartiesOfTheAgreement(strangers);
    return amendedTerms(terms, solution, effectiveFrom);
  }
}
