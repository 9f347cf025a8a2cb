import { Controller } from '@nestjs/common';
import { OfferEnded, OfferMade } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { CallListRepository } from '../call-list/persistence/call-list.repository';
import { RequestOfferMessage } from './commands/request-offer-message';

@Controller()
export class OfferConsumer {
  constructor(private readonly request: RequestOfferMessage, private readonly calls: CallListRepository) {}

  /** Whom no channel reaches is on the call list of the patient's practice as long as the offer is open. */
  @OnEvent(OfferMade)
  async made({ data }: Received<typeof OfferMade>, tx: Tx): Promise<void> {
    if (data.offer.channels.length === 0) await this.calls.openForOffer(tx, data.offer);
    else this.request.made(tx, data.offer);
  }

  /** Who lost the time to somebody else is told at once; who answered gets the answer to that answer. */
  @OnEvent(OfferEnded)
  async ended({ data }: Received<typeof OfferEnded>, tx: Tx): Promise<void> {
    await this.calls.closeOfOffer(tx, data.offer.id, `offer-${data.offer.state}`);
    if (data.offer.state === 'lost' && data.answer === null) this.request.gone(tx, data.offer);
  }
}
