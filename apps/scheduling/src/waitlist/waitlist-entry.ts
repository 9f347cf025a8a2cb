import type { AppointmentId, Instant, PatientId, PersonId, PracticeId, WaitlistEntryId } from '@slotmesh/kernel';
import type { Urgency } from './domain/turn';
import type { Wish } from './domain/wish';

export type EntryStatus = 'waiting' | 'booked' | 'withdrawn' | 'expired';
/** Why waiting ended otherwise than by a wish or a booking. */
export type EndReason = 'deceased';
export type OfferChannel = 'sms' | 'email';

/** A patient of a practice who waits for an earlier time, there or at a partner's. */
export interface WaitlistEntry {
  readonly id: WaitlistEntryId;
  readonly practice: PracticeId;
  readonly patient: PatientId;
  readonly person: PersonId;
  readonly wish: Wish;
  readonly urgency: Urgency;
  /** How the patient is asked, in this order; empty: the desk phones. */
  readonly channels: readonly OfferChannel[];
  /** A later visit that an accepted offer takes the place of. */
  readonly replaces: AppointmentId | null;
  /** No representative sees its offers, and what is booked from them is confidential; a confidential visit that is replaced does the same. */
  readonly confidential: boolean;
  readonly status: EntryStatus;
  readonly endReason: EndReason | null;
  /** What was booked by an accepted offer. */
  readonly appointment: AppointmentId | null;
  /** To the booking questions of hosts. */
  readonly sealedAnswers: string | null;
  readonly addedAt: Instant;
  /** Then the patient waits no more; who is being asked at that moment still may say yes. */
  readonly until: Instant;
  readonly version: number;
}
