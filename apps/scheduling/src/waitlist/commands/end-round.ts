import { Injectable } from '@nestjs/common';
import type { AppointmentId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type OfferRound, OfferRoundRepository, type RoundEnd } from '../persistence/offer-round.repository';
import { roundEnded } from '../waitlist.events';

/** The one way a round ends: its row and the fact that tells of it. The caller has locked the round. */
@Injectable()
export class EndRound {
  constructor(private readonly rounds: OfferRoundRepository) {}

  async execute(tx: Tx, round: OfferRound, outcome: RoundEnd, appointment: AppointmentId | null = null): Promise<void> {
    await this.rounds.end(tx, round.id, outcome, appointment);
    tx.outbox.add(roundEnded(round, await this.rounds.placeOf(tx, round), outcome, appointment, tx.now));
  }
}
