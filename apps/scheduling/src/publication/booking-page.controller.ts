import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { language } from '@slotmesh/contracts';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { sendPage } from '../patient-page/page-reply';
import { isSlotId } from './domain/published-resources';
import { bookingPage } from './pages/booking-page';
import { PublicationRepository } from './persistence/publication.repository';

const word = z.string().trim().min(1).max(200).optional().catch(undefined);
/** Publishers and trackers append fields of their own to links. */
const query = z.looseObject({ lang: language.default('en').catch('en'), source: word, 'booking-referral': word });

@Controller('smart-scheduling/book')
@PublicRoute('a published time and the phone by which it is booked; a GET changes nothing')
export class BookingPageController {
  constructor(private readonly work: UnitOfWork, private readonly publication: PublicationRepository) {}

  /** Where a published slot's deep link leads: the time on the site's clock, and how to book it. `source` and `booking-referral` are kept. 404: not published. */
  @Get(':slot')
  @ApiProduces('text/html')
  async show(@ZodParam('slot', z.string().max(64)) id: string, @ZodQuery(query) { lang, source, 'booking-referral': booked }: z.output<typeof query>, @Res() reply: FastifyReply): Promise<void> {
    const slot = isSlotId(id) ? await this.work.run(workerFor('publication', null), (tx) => this.publication.slot(tx, id)) : null;
    sendPage(reply, slot === null ? 404 : 200, bookingPage(slot, { id, language: lang, referral: { source, 'booking-referral': booked } }));
  }
}
