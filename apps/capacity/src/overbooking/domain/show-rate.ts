import { type Brand, DomainError } from '@slotmesh/kernel';

/**
 * The share of visits of a whole session that are kept, 0 to 1. It belongs to a session or to a coarse band of bookings, never to a person: the score of
 * a visit is another type and does not fit here (P20).
 */
export type ShowRate = Brand<number, 'ShowRate'>;

export class ShowRateOutOfRange extends DomainError {
  constructor() {
    super('invalid', 'show-rate-out-of-range', 'The share of visits that are kept must lie between 0 and 1.');
  }
}
export class TooFewVisitsForRate extends DomainError {
  constructor(marked: number, needed: number) {
    super('unprocessable', 'too-few-visits-for-rate', `Of ${marked} past visits it is known whether they were kept; ${needed} are needed to advise from the practice's own rate. Mark more visits, or give a rate.`, { marked, needed });
  }
}

/** Throws ShowRateOutOfRange. */
export function showRate(share: number): ShowRate {
  if (!(share >= 0 && share <= 1)) throw new ShowRateOutOfRange();
  return share as ShowRate;
}

/** A rate with its 95 % interval. */
export interface EstimatedRate {
  readonly rate: ShowRate;
  readonly low: ShowRate;
  readonly high: ShowRate;
}

export const FEWEST_VISITS = 200;
const Z95 = 1.959964;

/** The practice's own rate from visits whose outcome is known, with Wilson's interval (1927). Throws TooFewVisitsForRate. */
export function estimatedRate(kept: number, missed: number): EstimatedRate {
  const marked = kept + missed;
  if (marked < FEWEST_VISITS) throw new TooFewVisitsForRate(marked, FEWEST_VISITS);
  const share = kept / marked;
  const z2 = Z95 ** 2;
  const middle = (share + z2 / (2 * marked)) / (1 + z2 / marked);
  const half = (Z95 / (1 + z2 / marked)) * Math.sqrt((share * (1 - share)) / marked + z2 / (4 * marked ** 2));
  return { rate: showRate(share), low: showRate(Math.max(0, middle - half)), high: showRate(Math.min(1, middle + half)) };
}
