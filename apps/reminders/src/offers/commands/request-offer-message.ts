import { Injectable } from '@nestjs/common';
import { type EventData, MessageRequested, type OfferMade } from '@slotmesh/contracts';
import { HOUR, type Instant, type MessageRequestId, formatInstant, newId, plusMs } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';

type Offer = EventData<typeof OfferMade>['offer'];

/** That a time is gone is worth telling for so long; later it only reminds of it. */
const GONE_IS_NEWS_FOR = 2 * HOUR;

/** Asks for what a waiting patient is told about an offer. Where the patient has no channel for it, the desk phones and nothing is sent. */
@Injectable()
export class RequestOfferMessage {
  /** It is stale when its window ends. */
  made(tx: Tx, offer: Offer): void {
    this.request(tx, offer, 'waitlist-offer', offer.expiresAt);
  }

  gone(tx: Tx, offer: Offer): void {
    this.request(tx, offer, 'waitlist-offer-gone', Math.min(plusMs(tx.now, GONE_IS_NEWS_FOR), offer.start) as Instant);
  }

  private request(tx: Tx, offer: Offer, template: 'waitlist-offer' | 'waitlist-offer-gone', expiresAt: Instant): void {
    if (offer.channels.length === 0) return;
    const id = newId<MessageRequestId>();
    // Why the patient's practice as host: it knows the patient and has the yes to texts; the one that has the time learns who it is only by a booking.
    tx.outbox.add(eventOf(MessageRequested, { key: id, host: offer.practice }, {
      id, host: offer.practice, booking: offer.practice, patient: offer.patient, subjects: [{ kind: 'offer', id: offer.id, revision: offer.revision, step: template }],
      class: 'consented-care', template, channels: [...offer.channels], expiresAt: formatInstant(expiresAt), visitStart: formatInstant(offer.start), mustReach: false,
    }));
  }
}
