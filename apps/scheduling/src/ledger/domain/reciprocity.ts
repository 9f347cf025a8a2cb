import type { PracticeId } from '@slotmesh/kernel';
import { type SlotMinutes, hoursOf, minus, slotMinutes } from './slot-minutes';

/** What an agreement says of give and take. */
export interface ReciprocityTerms {
  /** How many hours a party may be ahead or behind before anything is proposed. */
  readonly bandHours: number;
  /** Dates that are looked at, back from yesterday. */
  readonly periodDays: number;
  /** No proposal goes below this part of a quota. */
  readonly leastFactor: number;
}
/** `offered`: hours that stood open to partners until they were booked or returned; what was withdrawn or taken back before is no offer. `taken`: of others, whatever became of the visit. */
export interface PartyHours {
  readonly practice: PracticeId;
  readonly offered: SlotMinutes;
  readonly filled: SlotMinutes | null;
  readonly taken: SlotMinutes;
}
export interface ReciprocityBalance extends PartyHours {
  readonly balance: SlotMinutes;
  readonly position: 'offers-more' | 'within-band' | 'takes-more';
  /** What the quotas that this party uses at others might be multiplied by from the next period on; 1: as they are. */
  readonly quotaFactor: number;
  readonly proposal: string | null;
}

const STEP = 0.05;

/**
 * Hours offered less hours taken, within a band. Hours, not visits sent: neither referrals nor who sent whom are known here, and nothing is owed in money; the one consequence is a proposal for quotas to come, which
 * the parties may make an amendment of, or not. A party that offers more than it takes is asked for nothing: whether its hours are filled is the choice of patients.
 */
export function reciprocityOf(party: PartyHours, terms: ReciprocityTerms): ReciprocityBalance {
  const band = slotMinutes(Math.round(terms.bandHours * 60));
  const balance = minus(party.offered, party.taken);
  const position = balance < -band ? 'takes-more' : balance > band ? 'offers-more' : 'within-band';
  const quotaFactor = position === 'takes-more' ? Math.max(terms.leastFactor, Math.floor((party.offered + band) / party.taken / STEP + 1e-9) * STEP) : 1;
  const rounded = Math.round(quotaFactor * 100) / 100;
  return {
    ...party, balance, position, quotaFactor: rounded,
    proposal: rounded < 1
      ? `${party.practice} took ${hoursOf(party.taken)} hours of its partners and offered ${hoursOf(party.offered)}. The parties may amend the agreement, so that the quotas that ${party.practice} uses are ${rounded} times what they are, or ${party.practice} offers more. Nothing changes until all have approved.`
      : null,
  };
}
