import { Injectable } from '@nestjs/common';
import { DomainError, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { AdvisedInThread } from '../advised-in-thread';
import { type EstimatedRate, estimatedRate, showRate } from '../domain/show-rate';
import type { SessionRequest } from '../overbooking.schema';
import { KeptVisitsRepository } from '../persistence/kept-visits.repository';

export class RateNeeded extends DomainError {
  constructor() {
    super('unprocessable', 'rate-needed', 'You work for no practice whose own rate could be taken: give showProbability.');
  }
}

/** Advice for one session from a rate that is given, or from the practice's own. Throws RateNeeded, TooFewVisitsForRate, ThreadTimedOut, TooManyWaiting. */
@Injectable()
export class AdviseOverbooking {
  constructor(private readonly work: UnitOfWork, private readonly visits: KeptVisitsRepository, private readonly advised: AdvisedInThread) {}

  async execute(actor: Actor, request: SessionRequest) {
    const { slots, slotMinutes, weights, booked } = request;
    const { asOf, own } = await this.work.run(actor, async (tx) => ({ asOf: formatInstant(tx.now), own: request.showProbability === undefined ? await this.ownVisits(actor, tx, request.service ?? null) : null }));
    const rate = own === null ? certain(request.showProbability ?? 0) : estimatedRate(own.kept, own.missed);
    // Why outside of the transaction: a long session takes as long as many queries.
    const { advice, waits } = await this.advised.of(actor.practice, { session: { slots, slotMinutes, rate }, weights, booked: booked.map(({ band, showProbability, bookingsPerSlot }) => ({ band, rate: showRate(showProbability), bookingsPerSlot })) });
    return {
      asOf, rate: { ...rate, from: own === null ? 'given' : 'own-visits', visits: own === null ? null : own.kept + own.missed }, weights, ...advice,
      waitByBand: { bands: waits.bands.map(({ band, bookings, waitPerSeen }) => ({ band, bookings, waitMinutesPerSeen: waitPerSeen === null ? null : Math.round(waitPerSeen * slotMinutes * 10) / 10 })), gap: waits.gap },
    };
  }

  private async ownVisits(actor: Actor, tx: Parameters<KeptVisitsRepository['of']>[0], service: string | null) {
    if (actor.practice === null) throw new RateNeeded();
    return this.visits.of(tx, actor.practice, service);
  }
}

function certain(given: number): EstimatedRate {
  const rate = showRate(given);
  return { rate, low: rate, high: rate };
}
