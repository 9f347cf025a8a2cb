import { Injectable } from '@nestjs/common';
import type { OfferId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { OfferOver, OfferUnknown } from '../domain/waitlist.errors';
import { OfferRoundRepository } from '../persistence/offer-round.repository';
import { type Offer, OfferRepository } from '../persistence/offer.repository';
import { tellEnded } from '../waitlist.events';

/** Ends an open offer without a booking and lets the round go on at once. The patient keeps the place on the list. Throws OfferUnknown, OfferOver. */
@Injectable()
export class EndOffer {
  constructor(private readonly offers: OfferRepository, private readonly rounds: OfferRoundRepository) {}

  async execute(tx: Tx, id: OfferId, how: { readonly state: 'declined' | 'lost' | 'not-reached' | 'withdrawn'; readonly answer: string | null }): Promise<Offer> {
    const seen = await this.offers.find(tx, id);
    if (!seen || seen.practice !== tx.actor.practice) throw new OfferUnknown();
    await this.rounds.lock(tx, seen.round);
    const offer = (await this.offers.lockOpen(tx, seen.round)).find((open) => open.id === id);
    if (!offer) throw new OfferOver((await this.offers.find(tx, id))?.state ?? seen.state);
    const ended = await this.offers.end(tx, offer, how.state);
    await this.rounds.wake(tx, offer.round);
    tellEnded(tx, ended, { answer: how.answer });
    return ended;
  }
}
