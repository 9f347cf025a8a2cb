import { Controller, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { agreementId, localDate } from '@slotmesh/contracts';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { pageOf, pageQuery, startOf } from '../shared/page';
import { writtenReason } from '../shared/written-reason';
import { CorrectSharedCost } from './commands/correct-shared-cost';
import { RecordSharedCost } from './commands/record-shared-cost';
import { type Cents, MOST_CENTS } from './domain/money';
import { SharedCostUnknown } from './domain/statement.errors';
import { costId, documentReference, sha256 } from './persistence/money-terms.schema';
import { SharedCostRepository, type RecordedCost } from './persistence/shared-cost.repository';
import { periodCode } from './persistence/statement.schema';
import { viewOfSharedCost } from './statement.view';

const lineId = z.uuid();
const amount = (least: number) => z.int().min(least).max(MOST_CENTS).transform((value) => value as Cents);
const evidence = z.strictObject({ document: documentReference, sha256, dated: localDate });
const recordBody = z.strictObject({ agreement: agreementId, cost: costId, period: periodCode, amountCents: amount(1), evidence });
const correctBody = z.strictObject({ amountCents: amount(0), reason: writtenReason, evidence });
const listQuery = pageQuery.extend({ agreement: agreementId.optional(), period: periodCode.optional(), cost: costId.optional() });

@Controller('api/scheduling/v1/shared-costs')
@UseInterceptors(RefusedAttempts)
export class SharedCostsController {
  constructor(private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly costs: SharedCostRepository, private readonly recordSharedCost: RecordSharedCost, private readonly correctSharedCost: CorrectSharedCost) {}

  /**
   * Records what the caller's practice paid for a cost that an agreement shares (methods `equal` and `provider-fte`; the other two are fixed by the agreement and enter by themselves), in whole US cents, with the
   * invoice: where it is kept, its SHA-256 and date. `period` is when it fell, such as `2027-01` or `2027-Q1`. Where that has its statement already, it enters the next one: `statedIn`. Nothing recorded is ever changed;
   * see `correct`. Texts name no patient. 404: no party of such an agreement. 422: over the yearly budget, or no such cost or period.
   */
  @Post()
  @HttpCode(201)
  @Permits('agreements:write')
  async record(@CurrentStaff() caller: StaffCaller, @ZodBody(recordBody) body: z.output<typeof recordBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { amountCents, ...paid } = body;
    await this.answer(caller, key, ['shared-cost', body], reply, (tx) => this.recordSharedCost.execute(tx, signatory(caller), { ...paid, amount: amountCents }));
  }

  /** Says what a recorded cost should have been (`amountCents`, zero where it fell away), and why: a further line bears the difference, in the statement of its period or, where that is made, of the next. Only by the practice that paid. 409: that is what it is. */
  @Post(':id/correct')
  @HttpCode(201)
  @Permits('agreements:write')
  async correct(@CurrentStaff() caller: StaffCaller, @ZodParam('id', lineId) id: string, @ZodBody(correctBody) body: z.output<typeof correctBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(caller, key, ['correct-shared-cost', id, body], reply, (tx) => this.correctSharedCost.execute(tx, signatory(caller), id, body.amountCents, body.reason, body.evidence));
  }

  /** What parties recorded under the agreements of the caller's practice, in that order; corrections are lines of their own. `period` is that of the statement that a line enters. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) { agreement, period, cost, ...page }: z.output<typeof listQuery>) {
    const after = startOf(page, lineId);
    const lines = await this.work.run(caller.actor, (tx) => this.costs.list(tx, caller.practice, { agreement: agreement ?? null, period: period ?? null, cost: cost ?? null, after, limit: page.limit + 1 }));
    return pageOf(lines, page.limit, ({ id }) => id, viewOfSharedCost);
  }

  /** One line. 404: the caller's practice is no party of its agreement. */
  @Get(':id')
  @Permits('agreements:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', lineId) id: string) {
    const line = await this.work.run(caller.actor, (tx) => this.costs.find(tx, id, caller.practice));
    if (!line) throw new SharedCostUnknown();
    return viewOfSharedCost(line);
  }

  /** Why as a worker: what all parties read is written after the use-case has checked who may. */
  private async answer({ actor }: StaffCaller, key: string | undefined, request: unknown, reply: FastifyReply, fn: (tx: Tx) => Promise<RecordedCost>): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer({ ...actor, kind: 'worker' }, key, request, 201, async (tx) => viewOfSharedCost(await fn(tx))));
  }
}

const signatory = ({ practice, actor }: StaffCaller) => ({ practice, subject: actor.subject });
