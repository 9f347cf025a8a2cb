import { Controller } from '@nestjs/common';
import { OfferRoundEnded } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { RoundRepository } from './persistence/round.repository';

@Controller()
export class RoundConsumer {
  constructor(private readonly rounds: RoundRepository) {}

  @OnEvent(OfferRoundEnded)
  async handle(event: Received<typeof OfferRoundEnded>, tx: Tx): Promise<void> {
    await this.rounds.save(tx, event.data, event.time);
  }
}
