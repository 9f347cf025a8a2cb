import { type AgreementId, DomainError, type HoldId, type Instant, type OpeningId, type PracticeId, type ProviderId, type SiteId, type VisitTypeId } from '@slotmesh/kernel';
import type { Care } from '../../openings/domain/care';

export type HoldState = 'active' | 'booked' | 'released' | 'expired';

/** An opening kept for one desk for some minutes, so that a person can finish the booking (P3). */
export interface Hold {
  readonly id: HoldId;
  readonly opening: OpeningId;
  readonly host: PracticeId;
  readonly holder: PracticeId;
  readonly holderSubject: string;
  readonly agreement: AgreementId | null;
  readonly quotas: readonly string[];
  readonly visitType: VisitTypeId;
  readonly provider: ProviderId;
  readonly site: SiteId;
  readonly start: Instant;
  readonly end: Instant;
  readonly placedAt: Instant;
  readonly expiresAt: Instant;
  readonly state: HoldState;
  /** The needs of the patient for whom it was held, where it was said. */
  readonly care: Care | null;
  /** Placed by somebody who may put a visit beside another: where its time has to be taken anew, that goes with it. */
  readonly overbook: boolean;
}

/** As it was placed: where its host answers first, `withinHours` at most and until `by`, if it were booked now. */
export interface PlacedHold extends Hold {
  readonly approval: { readonly withinHours: number; readonly by: Instant } | null;
}

export class HoldUnknown extends DomainError {
  constructor() {
    super('not-found', 'hold-unknown', 'There is no such hold of yours. Hold the opening again.');
  }
}

export class HoldEnded extends DomainError {
  constructor(state: HoldState) {
    super('conflict', 'hold-ended', state === 'booked' ? 'This hold was already booked.' : 'This hold is over. Search again and hold another opening.', { state });
  }
}

/** Only its holder can use it, and only until its time. Throws HoldUnknown, HoldEnded. */
export function requireUsable(hold: Hold | null, holder: { readonly practice: PracticeId; readonly subject: string }, now: Instant): Hold {
  if (!hold || hold.holder !== holder.practice || hold.holderSubject !== holder.subject) throw new HoldUnknown();
  if (hold.state !== 'active') throw new HoldEnded(hold.state);
  if (hold.expiresAt <= now) throw new HoldEnded('expired');
  return hold;
}
