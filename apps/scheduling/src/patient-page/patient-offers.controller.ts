import { Controller, Headers, Post, Res, UseFilters } from '@nestjs/common';
import { ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import { offerId } from '@slotmesh/contracts';
import type { OfferId } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AnswerOffer, type OfferAnswered } from './commands/answer-offer';
import { offerDone } from './domain/offer-notice';
import { type PageAt, PageAnswers } from './page-answers';
import { FORM, SIGNED, type Shown, linkToken, plainForm, shown } from './page-request';
import { PageFilter } from './page.filter';

/** `revision`: of the later visit that the page said a yes gives up, 0: none. */
const acceptForm = plainForm.extend({ revision: z.coerce.number().int().nonnegative().default(0) });

/** Yes and no, on the page of a visit, to times that came free for its patient. */
@Controller('a')
@UseFilters(PageFilter)
@PublicRoute(SIGNED)
@ApiTags('PatientPage')
export class PatientOffersController {
  constructor(private readonly answers: PageAnswers, private readonly answerOffer: AnswerOffer) {}

  /** The patient takes a time that came free: books it, and gives up the later visit that it takes the place of. 409: taken, over or not bookable, or that later visit is no longer as the page showed it, told on the page; the place on the list is kept. 404: no offer to this patient; 429: too many times that could not be had in the last hour. */
  @Post(':token/offers/:offer/accept')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async accept(@ZodParam('token', linkToken) token: string, @ZodParam('offer', offerId) offer: OfferId, @ZodBody(acceptForm) { form, revision }: z.output<typeof acceptForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.actor(token, lang, cookie, form);
    await this.after(reply, at, await this.answerOffer.accept(token, offer, revision === 0 ? null : revision));
  }

  /** The patient says no to a time that came free; the next in turn is asked and the place on the list is kept. 409: over already, told on the page; 404: no offer to this patient. */
  @Post(':token/offers/:offer/decline')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async decline(@ZodParam('token', linkToken) token: string, @ZodParam('offer', offerId) offer: OfferId, @ZodBody(plainForm) { form }: z.output<typeof plainForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.actor(token, lang, cookie, form);
    await this.after(reply, at, await this.answerOffer.decline(token, offer));
  }

  /** To the page of the visit that was booked where this practice has it, else to this one. */
  private async after(reply: FastifyReply, at: PageAt, { notice, token: booked }: OfferAnswered): Promise<void> {
    if (!offerDone.some((done) => done === notice)) await this.answers.visit(reply, 409, at, notice);
    else if (booked !== null) this.answers.toOpened(reply, booked, at.lang, notice);
    else this.answers.to(reply, at.token, at.lang, notice);
  }
}
