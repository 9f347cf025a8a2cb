import { Controller } from '@nestjs/common';
import { OfferAnswerRefused, OfferEnded, OfferMade, type OfferSnapshot } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import type { AnswerTemplate } from '../messages/domain/fence';
import { acknowledgeAnswer } from '../replies/commands/acknowledge-answer';
import { countStale } from './stale-messages';
import { stateOfOffer, takeOver } from './visit-rows';

/** Each offer's state and what a message says about it; and the true end of a patient's answer to it. */
@Controller()
export class OffersConsumer {
  @OnEvent(OfferMade)
  async made({ data }: Received<typeof OfferMade>, tx: Tx): Promise<void> {
    await takeOver(tx, [stateOfOffer(data.offer)]);
  }

  @OnEvent(OfferEnded)
  async ended({ data, time }: Received<typeof OfferEnded>, tx: Tx): Promise<void> {
    await takeOver(tx, [stateOfOffer(data.offer)]);
    await countStale(tx, data.offer, time);
    if (data.answer) await acknowledgeAnswer(tx, { answer: data.answer, template: said(data.offer.state), about: { kind: 'offer', ...data.offer } });
  }

  @OnEvent(OfferAnswerRefused)
  async refused({ data }: Received<typeof OfferAnswerRefused>, tx: Tx): Promise<void> {
    await takeOver(tx, [stateOfOffer(data.offer)]);
    await acknowledgeAnswer(tx, { answer: data.answer, template: said(data.offer.state), about: { kind: 'offer', ...data.offer } });
  }
}

const said = (state: OfferSnapshot['state']): AnswerTemplate => (state === 'accepted' ? 'answer-offer-taken' : state === 'declined' ? 'answer-offer-declined' : 'answer-offer-gone');
