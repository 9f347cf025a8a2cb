import { Injectable } from '@nestjs/common';
import type { OfferRoundId, ResourceId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { HoldOpening } from '../../holds/commands/hold-opening';
import type { Hold } from '../../holds/domain/hold';
import { Bookability, resourcesFor } from '../../openings/bookability';
import type { Desk } from '../../appointments/commands/take-visit-time';
import { OfferRoundOver, OfferRoundUnknown } from '../domain/waitlist.errors';
import { type OfferRound, OfferRoundRepository } from '../persistence/offer-round.repository';
import { OfferRepository } from '../persistence/offer.repository';
import { tellEnded } from '../waitlist.events';
import { EndRound } from './end-round';
import { RoundHold } from './round-hold';

/** The host's desk takes a time out of its round for an urgent patient: who was asked is told, and the desk holds it. Throws OfferRoundUnknown, OfferRoundOver. */
@Injectable()
export class TakeRound {
  constructor(private readonly rounds: OfferRoundRepository, private readonly offers: OfferRepository, private readonly held: RoundHold, private readonly holdOpening: HoldOpening, private readonly bookability: Bookability, private readonly endRound: EndRound) {}

  async execute(tx: Tx, desk: Desk, id: OfferRoundId, reason: string): Promise<Hold> {
    const seen = await this.rounds.find(tx, id);
    if (!seen || seen.host !== desk.practice) throw new OfferRoundUnknown();
    const hold = await this.held.lock(tx, seen, await this.mayNeed(tx, desk, seen));
    const round = await this.rounds.lock(tx, id);
    if (round?.state !== 'open' || !hold || hold.id !== round.hold || hold.state !== 'active') throw new OfferRoundOver(round?.state ?? seen.state);
    for (const offer of await this.offers.lockOpen(tx, id)) tellEnded(tx, await this.offers.end(tx, offer, 'lost'));
    await this.held.release(tx, round, hold);
    await this.endRound.execute(tx, round, 'taken-by-desk');
    tx.audit.record({ action: 'offer-round.taken-by-desk', entity: 'offer-round', entityId: id, details: { reason } });
    return this.holdOpening.execute(tx, desk, hold.opening);
  }

  /** What the desk's own hold will choose from, so that all resources are locked in one go (P1). */
  private async mayNeed(tx: Tx, desk: Desk, round: OfferRound): Promise<ResourceId[]> {
    const opening = await this.held.openingOf(tx, round);
    const time = opening === null ? null : await this.bookability.decide(tx, desk.practice, opening, tx.now);
    if (time === null || 'lost' in time) throw new OfferRoundOver(round.state);
    return resourcesFor(time);
  }
}
