import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { offerId, offerState, waitlistEntryId } from '@slotmesh/contracts';
import { type OfferId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller, WorkedFor } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { OverlapRefusals, type UnlessStopped } from '../appointments/overlap-refusals';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { type Page, pageOf, pageQuery, startOf } from '../shared/page';
import { DeskDisclosures } from '../staff-access/desk-disclosures';
import { AcceptOffer } from './commands/accept-offer';
import { EndOffer } from './commands/end-offer';
import { OfferUnknown } from './domain/waitlist.errors';
import { viewOfOffer } from './offer.view';
import { OfferRepository } from './persistence/offer.repository';

const listQuery = pageQuery.extend({ state: offerState.optional(), entry: waitlistEntryId.optional() });
const nothing = z.strictObject({});

@Controller('api/scheduling/v1/offers')
export class OffersController {
  constructor(private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly offers: OfferRepository, private readonly acceptOffer: AcceptOffer, private readonly endOffer: EndOffer, private readonly overlaps: OverlapRefusals, private readonly disclosures: DeskDisclosures) {}

  /** Offers to patients of the caller's practice. Those that are open and have no channel are for the desk to phone about. For named staff of a partner without patients who restrict it, so that a page may hold fewer than `limit`. */
  @Get()
  @Permits('appointments:read')
  @WorkedFor('wait-list')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) by: z.output<typeof listQuery>): Promise<Page<ReturnType<typeof viewOfOffer>>> {
    const after = startOf(by, z.uuid());
    return this.work.run(caller.actor, async (tx) => {
      const found = await this.offers.list(tx, { state: by.state ?? null, entry: by.entry ?? null, after, limit: by.limit + 1 });
      tx.audit.record({ action: 'offer.listed', entity: 'offer', entityId: '*', details: { count: Math.min(found.length, by.limit) } });
      const { items, nextCursor } = pageOf(found, by.limit, ({ id }) => id, (offer) => offer);
      const shown = await this.disclosures.shown(tx, 'offer', items);
      // Why: of a patient who is not shown, a further page would tell that there are offers.
      return { items: shown.map(viewOfOffer), nextCursor: by.entry !== undefined && shown.length === 0 ? null : nextCursor };
    });
  }

  /** The patient said yes on the phone: books the time. 409: the offer is over, or the patient has another visit then. */
  @Post(':id/accept')
  @HttpCode(200)
  @Permits('appointments:book')
  @WorkedFor('wait-list')
  async accept(@CurrentStaff() caller: StaffCaller, @ZodParam('id', offerId) id: OfferId, @ZodBody(nothing) body: z.output<typeof nothing>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(caller, id, key, ['accept', id, body], reply, async (tx) => {
      const { offer, appointment } = await this.acceptOffer.execute(tx, { offer: id, subject: caller.actor.subject, answer: null });
      return { ...viewOfOffer(offer), appointment };
    });
  }

  /** The patient said no on the phone: the next in turn is asked, this one keeps the place. 409: the offer is over. */
  @Post(':id/decline')
  @HttpCode(200)
  @Permits('appointments:book')
  @WorkedFor('wait-list')
  async decline(@CurrentStaff() caller: StaffCaller, @ZodParam('id', offerId) id: OfferId, @ZodBody(nothing) body: z.output<typeof nothing>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(caller, id, key, ['decline', id, body], reply, async (tx) => viewOfOffer(await this.endOffer.execute(tx, id, { state: 'declined', answer: null })));
  }

  /** Why as a worker: the round is its host's and the other offers are other practices'; the use-cases look at whose offer it is. */
  private async answer(caller: StaffCaller, id: OfferId, key: string | undefined, request: unknown, reply: FastifyReply, fn: Parameters<Idempotency['answer']>[4]): Promise<void> {
    const answer = (unlessStopped: UnlessStopped) => this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, request, 200, unlessStopped(async (tx) => {
      await this.disclosures.require(tx, 'offer', () => this.offers.find(tx, id), () => new OfferUnknown());
      return fn(tx);
    }));
    sendAnswer(reply, await this.overlaps.watch(caller.actor, { entity: 'offer', id }, answer));
  }
}
