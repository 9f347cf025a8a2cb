import { Injectable } from '@nestjs/common';
import { DomainError, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { adviseSession } from '../domain/overbooking-advice';
import { type EstimatedRate, estimatedRate, showRate } from '../domain/show-rate';
import { waitsByBand } from '../domain/waits-by-band';
import type { SessionRequest } from '../overbooking.schema';
import { KeptVisitsRepository } from '../persistence/kept-visits.repository';

export class RateNeeded extends DomainError {
  constructor() {
    super('unprocessable', 'rate-needed', 'You work for no practice whose own rate could be taken: give showProbability.');
  }
}

/** Advice for one session from a rate that is given, or from the practice's own. Throws RateNeeded, TooFewVisitsForRate. */
@Injectable()
export class AdviseOverbooking {
  constructor(private readonly work: UnitOfWork, private readonly visits: KeptVisitsRepository) {}

  execute(actor: Actor, request: SessionRequest) {
    return this.work.run(actor, async (tx) => {
      const { slots, slotMinutes, weights, booked } = request;
      const own = request.showProbability === undefined ? await this.ownVisits(actor, tx, request.service ?? null) : null;
      const rate = own === null ? certain(request.showProbability ?? 0) : estimatedRate(own.kept, own.missed);
      const waits = waitsByBand(slots, booked.map(({ band, showProbability, bookingsPerSlot }) => ({ band, rate: showRate(showProbability), bookingsPerSlot })));
      return {
        asOf: formatInstant(tx.now), rate: { ...rate, from: own === null ? 'given' : 'own-visits', visits: own === null ? null : own.kept + own.missed }, weights, ...adviseSession({ slots, slotMinutes, rate }, weights),
        waitByBand: { bands: waits.bands.map(({ band, bookings, waitPerSeen }) => ({ band, bookings, waitMinutesPerSeen: waitPerSeen === null ? null : Math.round(waitPerSeen * slotMinutes * 10) / 10 })), gap: waits.gap },
      };
    });
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
