import { type AgreementId, type Instant, type LocalDate, type PracticeId, stableId } from '@slotmesh/kernel';
import type { SlotMinutes } from './slot-minutes';

/**
 * Where minutes lie, of one practice under one agreement. `capacity`: the host's own calendar, from where all comes (so it is below zero). `pool`: stands open to partners, or is booked by nobody any more and its
 * date is not over. Of the practice that books: `booked` (its visit has no outcome yet), `used` (it took place), `wasted` (nobody came, or it was called off so late that nobody took the time). Of the host, at the
 * end: `returned` (nobody booked it), `withdrawn-late` (closed, or an amended rule, after it had opened to partners), `taken-back` (the host's own patients came into it before it returned).
 */
export const accounts = ['capacity', 'pool', 'booked', 'used', 'wasted', 'returned', 'withdrawn-late', 'taken-back'] as const;
export type Account = (typeof accounts)[number];
export interface AccountOf {
  readonly practice: PracticeId;
  readonly account: Account;
}

/** What made a posting: one date of a host's shared calendar, or one visit. `step` is the number of the event of that key, `part` counts the postings of one event. */
export interface Cause {
  readonly kind: 'shared-day' | 'visit';
  readonly id: string;
  readonly step: number;
  readonly part: number;
}

/** Minutes that move from one account to another: two lines that sum to zero. Never changed; what was wrong is put right by a further one. */
export interface Posting {
  readonly cause: Cause;
  readonly agreement: AgreementId;
  /** Whose calendar the time is of. */
  readonly host: PracticeId;
  /** The practice that booked the visit; null where no visit is meant. */
  readonly booking: PracticeId | null;
  /** The date, on the wall of the site, that the minutes are of. */
  readonly day: LocalDate;
  readonly at: Instant;
  readonly from: AccountOf;
  readonly to: AccountOf;
  readonly minutes: SlotMinutes;
}

/** The same for the same part of the same event, so that it is posted once whoever repeats it, and a rebuild makes the same rows. */
export const postingId = ({ kind, id, step, part }: Cause): string => stableId(`${kind}/${id}/${step}/${part}`);
