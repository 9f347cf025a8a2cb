import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { visitChainId } from '@slotmesh/contracts';
import { Clock, DAY, DomainError, type VisitChainId, formatInstant, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { OverlapRefusals } from '../appointments/overlap-refusals';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { viewOfOpenings } from '../openings/opening.view';
import { bookBody, cancelBody, gapsOf, moveBody, searchBody } from './visit-chain.body';
import { viewOfChain } from './visit-chain.view';
import { BookChain } from './commands/book-chain';
import { CancelChain } from './commands/cancel-chain';
import { MoveChain } from './commands/move-chain';
import { VisitChainUnknown } from './domain/visit-chain.errors';
import { VisitChainRepository } from './persistence/visit-chain.repository';
import { FindChains } from './queries/find-chains';

const MOST_DAYS = 120;
const DEFAULT_DAYS = 60;

@Controller('api/scheduling/v1/visit-chains')
export class VisitChainsController {
  constructor(
    private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly clock: Clock, private readonly overlaps: OverlapRefusals, private readonly chains: VisitChainRepository,
    private readonly appointments: AppointmentRepository, private readonly findChains: FindChains, private readonly bookChain: BookChain, private readonly cancelChain: CancelChain, private readonly moveChain: MoveChain,
  ) {}

  /**
   * Own and partner openings for visits of unlike types that follow one another (2 to 6 `steps`, each a `service` or `visitType`), the earliest end first, one for each opening in which they can end, the one that
   * waits least. `minGap` and `maxGap` go from the end of the step before to the start: `{minutes}` that pass, or `{days}` of the calendar at the place of the step before (`{days: 7}` is any time of that day).
   * `from` defaults to now, `to` to 60 days later (120 at most). At most 40 times 100 openings are looked at; where that was not enough, `lookedUntil` is the end up to which the answer is whole, else null.
   */
  @Post('search')
  @HttpCode(200)
  @Permits('openings:read')
  async search(@CurrentStaff() caller: StaffCaller, @ZodBody(searchBody) body: z.output<typeof searchBody>) {
    const now = this.clock.now();
    const start = body.from ?? now;
    const end = body.to ?? plusMs(start, DEFAULT_DAYS * DAY);
    if (end <= start || end - start > MOST_DAYS * DAY) throw new DomainError('invalid', 'invalid-request', `to must be after from, at most ${MOST_DAYS} days later.`, { errors: [{ pointer: '/to', detail: `must be after from, at most ${MOST_DAYS} days later` }] });
    const found = await this.work.run(caller.actor, (tx) => {
      if (body.patient) tx.audit.record({ action: 'patient.searched-for', entity: 'patient', entityId: body.patient, patient: body.patient });
      return this.findChains.execute(tx, caller.practice, { steps: body.steps, gaps: gapsOf(body.steps), patient: body.patient, range: { start, end }, limit: body.limit }, now);
    });
    return { items: found.chains.map((chain) => ({ start: formatInstant(chain[0]!.start), end: formatInstant(chain.at(-1)!.end), steps: viewOfOpenings(chain, caller.practice) })), lookedUntil: found.until === null ? null : formatInstant(found.until) };
  }

  /**
   * Books visits that follow one another as one, all or none, at one practice or several, with gaps as in the search; each step has its own `answers` and `referral`. 409 `visit-chain-clash` names each step that does
   * not fit, why, and up to three openings that keep the gaps to the others; where a step has none, `chains` has others as a whole. 422 where the steps are out of order, or where answers are missing or do not fit, a red flag
   * is raised, or marks stand in the way of a visit in the own calendar (`despiteMarks` with a reason goes past them): `step` is the first of these visits, `visits` are all, each with what it asks.
   */
  @Post()
  @HttpCode(201)
  @Permits('appointments:book')
  async book(@CurrentStaff() caller: StaffCaller, @ZodBody(bookBody) body: z.output<typeof bookBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    const override = body.override ? { permitted: caller.permissions.has('appointments:override'), reason: body.override.reason } : null;
    const forWhom = { patient: body.patient, reason: body.reason ?? null, confidential: body.confidential, override, ...(body.despiteMarks ? { despiteMarks: body.despiteMarks.reason } : {}) };
    const steps = body.steps.map(({ opening, answers = {}, referral = null }) => ({ opening, answers, referral }));
    sendAnswer(reply, await this.overlaps.watch(caller.actor, { entity: 'patient', id: body.patient }, (unlessStopped) => this.idempotency.answer(caller.actor, key, ['visit-chain', body], 201, unlessStopped(async (tx) => {
      const { chain, visits } = await this.bookChain.execute(tx, desk, { steps, gaps: gapsOf(body.steps), forWhom });
      return viewOfChain(chain, visits, caller.practice, tx.now);
    }))));
  }

  /** Linked visits by step, with the gaps that were asked for. The practice that booked them sees all, a host its own; `visit` is null where it is another's. */
  @Get(':id')
  @Permits('appointments:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', visitChainId) id: VisitChainId) {
    return this.work.run(caller.actor, async (tx) => {
      tx.audit.record({ action: 'visit-chain.read', entity: 'visit-chain', entityId: id });
      return this.whole(tx, caller, id);
    });
  }

  /**
   * Moves what is still to come `from` a step on (default the first), all or none, by the practice that booked it: `steps` names one opening for each of these visits in their order, as the search gives them, each of the
   * same practice and service as the visit. The visits stay the same appointments, their old times are free at once, and each patient hears of each move once. The gaps hold, also to what stays (409 `visit-chain-gap` among the
   * clashes), unless `breakGaps`; `answers` where the new time is of another visit type; `version` of a visit that was seen (412 where it changed). 409 `visit-chain-clash` as at booking; 422 `visit-chain-steps`
   * names the steps that have to be given, and 422 as at booking where answers are missing or do not fit, or a red flag is raised: `step` is the first of these visits, `visits` are all. `changed` are the visits that moved.
   */
  @Post(':id/move')
  @HttpCode(200)
  @Permits('appointments:book')
  async move(@CurrentStaff() caller: StaffCaller, @ZodParam('id', visitChainId) id: VisitChainId, @ZodBody(moveBody) body: z.output<typeof moveBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const override = body.override ? { permitted: caller.permissions.has('appointments:override'), reason: body.override.reason } : null;
    sendAnswer(reply, await this.overlaps.watch(caller.actor, { entity: 'visit-chain', id }, (unlessStopped) => this.idempotency.answer(caller.actor, key, ['visit-chain-move', id, body], 200, unlessStopped(async (tx) => {
      const moved = await this.moveChain.execute(tx, caller.practice, id, { ...body, override });
      return { ...(await this.whole(tx, caller, id)), changed: moved.map((visit) => visit.id) };
    }))));
  }

  /** Calls off what is still to come `from` a step on (default the first), all or none; a host those in its own calendar. `changed` are the visits that were. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Permits('appointments:book')
  async cancel(@CurrentStaff() caller: StaffCaller, @ZodParam('id', visitChainId) id: VisitChainId, @ZodBody(cancelBody) body: z.output<typeof cancelBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['visit-chain-cancel', id, body], 200, async (tx) => {
      const off = await this.cancelChain.execute(tx, id, body.from, body.reason);
      return { ...(await this.whole(tx, caller, id)), changed: off.map((visit) => visit.id) };
    }));
  }

  private async whole(tx: Tx, caller: StaffCaller, id: VisitChainId) {
    const chain = await this.chains.find(tx, id);
    if (!chain) throw new VisitChainUnknown();
    return viewOfChain(chain, await this.appointments.ofChain(tx, id), caller.practice, tx.now);
  }
}
