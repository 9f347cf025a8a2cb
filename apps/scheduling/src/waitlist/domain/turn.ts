import type { Instant, WaitlistEntryId } from '@slotmesh/kernel';

export const urgencies = ['urgent', 'soon', 'routine'] as const;
export type Urgency = (typeof urgencies)[number];

export interface Waiting {
  readonly id: WaitlistEntryId;
  readonly urgency: Urgency;
  readonly addedAt: Instant;
  /** Way to the site, null where it is not known. */
  readonly kilometres: number | null;
}

/** Whose turn it is: clinical urgency, then the longest wait, then the shortest way. Nothing else may move anybody: no practice, payer, fee or score is even known here (P20). */
export function byTurn(a: Waiting, b: Waiting): number {
  return urgencies.indexOf(a.urgency) - urgencies.indexOf(b.urgency)
    || a.addedAt - b.addedAt
    || (a.kilometres ?? Number.MAX_SAFE_INTEGER) - (b.kilometres ?? Number.MAX_SAFE_INTEGER)
    || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
