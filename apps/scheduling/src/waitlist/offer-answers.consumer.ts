import { Controller } from '@nestjs/common';
import { MessageOutcomeRecorded, PatientAnswered, offerId } from '@slotmesh/contracts';
import { DomainError } from '@slotmesh/kernel';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { byPatient } from '../appointments/appointment.events';
import { AcceptOffer } from './commands/accept-offer';
import { EndOffer } from './commands/end-offer';
import { OfferOver, OfferUnknown } from './domain/waitlist.errors';
import { OfferRepository } from './persistence/offer.repository';
import { offerAnswerRefused } from './waitlist.events';

/** Outcomes after which nobody will read the offer any more. */
const NOT_REACHED: ReadonlySet<string> = new Set(['skipped', 'undelivered', 'call-list']);

/** What patients say to offers, and whether they were reached at all. */
@Controller()
export class OfferAnswersConsumer {
  constructor(private readonly accept: AcceptOffer, private readonly endOffer: EndOffer, private readonly offers: OfferRepository) {}

  @OnEvent(PatientAnswered)
  async answered({ data }: Received<typeof PatientAnswered>, tx: Tx): Promise<void> {
    if (data.subject.kind !== 'offer') return;
    const id = offerId.parse(data.subject.id);
    try {
      if (data.answer === 'confirm') await tx.savepoint(() => this.accept.execute(tx, { offer: id, subject: `offer:${id}`, by: byPatient, answer: data.id }));
      else await this.endOffer.execute(tx, id, { state: 'declined', answer: data.id });
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof OfferUnknown) throw error;
      if (!(error instanceof OfferOver)) return void (await this.endOffer.execute(tx, id, { state: 'lost', answer: data.id }));
      const offer = await this.offers.find(tx, id);
      if (offer) tx.outbox.add(offerAnswerRefused(offer, data.id));
    }
  }

  /** Why before its window ends: the next in turn need not wait for somebody who cannot answer. */
  @OnEvent(MessageOutcomeRecorded)
  async outcome({ data }: Received<typeof MessageOutcomeRecorded>, tx: Tx): Promise<void> {
    if (data.subject.kind !== 'offer' || data.subject.revision !== 1 || !NOT_REACHED.has(data.outcome)) return;
    const offer = await this.offers.find(tx, offerId.parse(data.subject.id));
    if (offer?.state === 'open') await this.endOffer.execute(tx, offer.id, { state: 'not-reached', answer: null });
  }
}
