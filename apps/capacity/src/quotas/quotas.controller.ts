import { Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { instantText, practiceId, serviceCode } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { type PageQuery, pageQuery } from '../list-cursor';
import { MakeQuotaPlan } from './commands/make-quota-plan';
import { planBody } from './plan-body.schema';
import { ListQuotaPlans } from './queries/list-quota-plans';
import { type QuotaPlanView, ReadQuotaPlan } from './queries/read-quota-plan';

const planId = z.uuid();
const amendmentBody = z.strictObject({ terms: z.looseObject({ practices: z.array(practiceId).min(2), rules: z.array(z.looseObject({ id: z.string().min(1), host: practiceId.optional(), partners: z.array(practiceId).nullish(), services: z.array(serviceCode).nullish() })) }), effectiveFrom: instantText });

@Controller('api/capacity/v1/quota-plans')
export class QuotasController {
  constructor(private readonly make: MakeQuotaPlan, private readonly read: ReadQuotaPlan, private readonly lists: ListQuotaPlans) {}

  /**
   * What practices of one partnership should lend each other each week, so that the worst share of demand that finds no slot is least, then what is unmet in all: a linear programme in two stages, in whole slots.
   * Slots are visits of a service per week from `firstWeek` (a Monday); `demand` is a quantile of a forecast; hours are those of the lender's slots. The plan keeps each practice's quota (`lendableShare` of its capacity), `reciprocityHours`,
   * `mostLentHours` and `mostOwnUnmetShare`, and leaves no more unmet than without sharing. It agrees to nothing. `method` greedy: the programme had no time, failed, or was worse in whole slots.
   * Without `practices` the inputs are taken from what is known of your partnership: time as it is stated (what services overlap in is divided as their visits of the last 13 weeks were), your own demand as forecast (`demandFrom` `last-weeks`: the mean of those weeks), partners' as the mean of their last 13 weeks in steps of eleven requests.
   * `services` and `leaveOut` narrow it. Such a plan shows nobody partners' inputs as such; `known` has your own, and what the plan would be worth at other quantiles of demand. From its totals, `worstUnmetShare` and your own part a plan of two practices tells the other's unmet slots all the same, as far as steps of eleven requests do, and no single patient. Answers within a minute, within two where demand is forecast; 503 `took-too-long` where it cannot. 429: five plans of your practice wait to be made.
   * 400: more practices, services, weeks or demand than can be planned at once. 403: one's own practice is not in it. 422: practices of several partnerships, or of none; too little known (`missing` says of whom, or of which of `services`, and what to do); `leaveOut` with who is no partner; too large; an Idempotency-Key that was used for other inputs.
   */
  @Post()
  @HttpCode(201)
  @Permits('plans:write')
  async create(@CurrentCaller() { actor }: Caller, @ZodBody(planBody) body: z.output<typeof planBody>, @Headers('idempotency-key') key: string | undefined): Promise<QuotaPlanView> {
    return this.read.execute(actor, await this.make.execute(actor, body, key));
  }

  /** Plans that your practice is in (an operator: all), the newest first, without what is lent in which week; `nextCursor` continues. Plans that are a year old and that no recommendation points to are forgotten. */
  @Get()
  @Permits('measures:read')
  list(@CurrentCaller() { actor }: Caller, @ZodQuery(pageQuery) page: PageQuery) {
    return this.lists.execute(actor, page);
  }

  /** One plan with its inputs, what is lent in each week, and `rules`, by which an agreement would hold it. 404: the caller's practice is not in it. */
  @Get(':id')
  @Permits('measures:read')
  get(@CurrentCaller() { actor }: Caller, @ZodParam('id', planId) id: string): Promise<QuotaPlanView> {
    return this.read.execute(actor, id);
  }

  /**
   * The plan as an amendment, for people to approve: give the present terms of the agreement (`terms` of `GET /api/scheduling/v1/agreements/{id}`); the answer is the body of `POST /api/scheduling/v1/agreements/{id}/versions`, whose draft is then proposed and signed as every other.
   * Rules with ids `quota:...` of an earlier plan are replaced as far as this one speaks of the same host, partners and service; what it lends nothing of and a present rule opens gets a quota of 0; all else stays. A rule has one number for all weeks, that of the plan's largest week. Changes nothing. 422: the plan lends between practices that are no parties.
   */
  @Post(':id/amendment')
  @HttpCode(200)
  @Permits('plans:write')
  amendment(@CurrentCaller() { actor }: Caller, @ZodParam('id', planId) id: string, @ZodBody(amendmentBody) { terms, effectiveFrom }: z.output<typeof amendmentBody>): Promise<object> {
    return this.read.amendment(actor, id, terms, formatInstant(effectiveFrom));
  }
}
