import { DomainError, type Instant } from '@slotmesh/kernel';
import type { Offering } from '../../openings/domain/opening';
import type { Loss } from '../../openings/persistence/occupancy.repository';

/** What stands in the way of one visit: its time is gone (anybody may have it, the quota is used, it is closed), or a rule says no. */
export type Refusal = { readonly gone: { readonly offering: Offering; readonly start: Instant }; readonly why: Loss | 'not-open' | 'quota-used' } | { readonly error: DomainError };
/** A visit that is alone ends here with an error; one of several is noted, so that all that stands in the way is told at once. */
export type Refuse = (index: number, refusal: Refusal) => Promise<void>;

/** What `fn` gives, or null where a rule said no and `refuse` took note. */
export async function refusalOf<T>(index: number, fn: () => Promise<T>, refuse: Refuse): Promise<T | null> {
  try {
    return await fn();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await refuse(index, { error });
    return null;
  }
}

const GONE = { taken: 'The time is taken.', 'not-open': 'The time is closed, too near, too far ahead, or not shared at present.', 'quota-used': 'What the agreement shares on that date is used up.', 'session-limit': 'No more visits of this type fit into that session.' } as const;

/** Why a visit of several does not fit, for who asked for them. */
export function reasonOf(refusal: Refusal): { readonly reason: string; readonly message: string } {
  return 'gone' in refusal ? { reason: refusal.why, message: GONE[refusal.why] } : refusal.error.code === 'opening-never-bookable' ? { reason: 'no-hours-then', message: 'No visit begins then.' } : { reason: refusal.error.code, message: refusal.error.message };
}
