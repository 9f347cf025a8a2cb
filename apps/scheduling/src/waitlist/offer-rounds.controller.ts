import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { offerRoundId } from '@slotmesh/contracts';
import { type OfferRoundId, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { viewOfHold } from '../holds/hold.view';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { type Page, pageOf, pageQuery, startOf } from '../shared/page';
import { writtenReason } from '../shared/written-reason';
import { TakeRound } from './commands/take-round';
import { type OfferRound, OfferRoundRepository } from './persistence/offer-round.repository';

const listQuery = pageQuery.extend({ state: z.enum(['new', 'open', 'filled', 'nobody-waits', 'exhausted', 'not-open', 'taken-by-desk']).optional() });
const takeRequest = z.strictObject({ reason: writtenReason });

@Controller('api/scheduling/v1/offer-rounds')
export class OfferRoundsController {
  constructor(private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly rounds: OfferRoundRepository, private readonly takeRound: TakeRound) {}

  /** Times of the caller's calendar that were given back, and what became of them: how many were asked, never who. */
  @Get()
  @Permits('appointments:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) by: z.output<typeof listQuery>): Promise<Page<ReturnType<typeof viewOfRound>>> {
    const after = startOf(by, z.uuid());
    return pageOf(await this.work.run(caller.actor, (tx) => this.rounds.list(tx, { state: by.state ?? null, after, limit: by.limit + 1 })), by.limit, ({ id }) => id, viewOfRound);
  }

  /** Takes a time out of its round for an urgent patient: who was asked is told that it is gone, and this desk holds it for some minutes. 409: the round is over. */
  @Post(':id/take')
  @HttpCode(201)
  @Permits('appointments:book')
  async take(@CurrentStaff() caller: StaffCaller, @ZodParam('id', offerRoundId) id: OfferRoundId, @ZodBody(takeRequest) body: z.output<typeof takeRequest>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    // Why as a worker: offers of other practices end with it; the use-case looks at whose calendar it is.
    sendAnswer(reply, await this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, ['take', id, body], 201, async (tx) => viewOfHold(await this.takeRound.execute(tx, desk, id, body.reason))));
  }
}

const viewOfRound = (round: OfferRound) => ({
  id: round.id, visitType: round.visitType, provider: round.provider, site: round.site, start: formatInstant(round.start), end: formatInstant(round.end), freedAt: formatInstant(round.freedAt), state: round.state, offers: round.made,
  appointment: round.appointment, endedAt: round.endedAt === null ? null : formatInstant(round.endedAt),
});
