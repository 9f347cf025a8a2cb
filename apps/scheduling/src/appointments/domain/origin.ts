import { DomainError } from '@slotmesh/kernel';
import { z } from 'zod';

/** Where a visit comes from that was found in public: the publisher's name and, where it gave one, its reference (SMART Scheduling Links, deep links). */
export interface Origin {
  readonly source: string;
  readonly bookingReferral: string | null;
}

export const bookingSource = z.string().trim().min(1).max(200).regex(/^[^\p{Cc}]+$/u, 'must be words');
/** As publishers make them up: letters, digits and signs, without spaces. */
export const bookingReferral = z.string().trim().regex(/^[\x21-\x7e]{1,200}$/, 'must be the reference as it stands on the page: 1 to 200 letters, digits and signs');

export class BookingReferralUsed extends DomainError {
  constructor(source: string) {
    super('conflict', 'booking-referral-used', `A visit was already booked with this reference of ${source}. Check what the patient reads out, or book without the reference.`);
  }
}
