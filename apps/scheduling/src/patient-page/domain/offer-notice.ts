import type { OfferState } from '../../waitlist/persistence/offer.repository';

/** What the page says after an answer to an offer. */
export type OfferNotice = 'taken' | 'declined' | 'yours-already' | 'gone' | 'late' | 'declined-already' | 'refused' | 'off-list' | 'changed';
/** After these the answer did what was asked. */
export const offerDone = ['taken', 'declined'] as const satisfies readonly OfferNotice[];

/** Why an answer came too late. `open` here means that only the window has passed. Who left the list meanwhile keeps no place on it. */
export function overAs(state: OfferState, waits: boolean): OfferNotice {
  if (state === 'accepted') return 'yours-already';
  if (!waits) return 'off-list';
  if (state === 'lost') return 'gone';
  return state === 'declined' ? 'declined-already' : 'late';
}
