import { DAY, DomainError, type Instant, type LocalDate, instantOfDate, plusMs } from '@slotmesh/kernel';

/** For what (45 CFR 164.506(c)), and by which profile of the least that is needed. */
export const purposes = ['treatment', 'payment', 'operations'] as const;
export const profiles = ['free-busy', 'booking', 'referral-packet', 'counts'] as const;
export type Purpose = (typeof purposes)[number];
export type Profile = (typeof profiles)[number];

/** What the parties of an agreement let go to each other. */
export interface SharedData {
  readonly purpose: Purpose;
  readonly profile: Profile;
  /** The last date (UTC) on which it may; null: as long as the agreement is in force. */
  readonly until: LocalDate | null;
}

/** What agreements meant that say nothing of it: versions that were signed before keep their sense. The owner function `data_shared` says the same. */
export const UNSAID: readonly SharedData[] = [
  { purpose: 'treatment', profile: 'free-busy', until: null }, { purpose: 'treatment', profile: 'booking', until: null },
  { purpose: 'treatment', profile: 'referral-packet', until: null }, { purpose: 'operations', profile: 'counts', until: null },
];

const endOf = (until: LocalDate): Instant => plusMs(instantOfDate(new Date(`${until}T00:00:00Z`)), DAY);

/** Until when data may go for a purpose by a profile; null: no end. What is not agreed ended before all time. */
export function sharedUntil(shared: readonly SharedData[] | null, purpose: Purpose, profile: Profile): Instant | null {
  const found = (shared ?? UNSAID).filter((one) => one.purpose === purpose && one.profile === profile);
  if (found.length === 0) return 0 as Instant;
  if (found.some(({ until }) => until === null)) return null;
  return Math.max(...found.map(({ until }) => endOf(until!))) as Instant;
}

/** Until when times may be shown and booked: a booking needs both what is free and who comes. */
export function timeSharedUntil(shared: readonly SharedData[] | null): Instant | null {
  const ends = (['free-busy', 'booking'] as const).map((profile) => sharedUntil(shared, 'treatment', profile)).filter((end) => end !== null);
  return ends.length === 0 ? null : (Math.min(...ends) as Instant);
}

export class DataSharingTooNarrow extends DomainError {
  constructor() {
    super('unprocessable', 'data-sharing-too-narrow', 'The version shares time or names staff who work a partner\'s lists, so its dataSharing has to let free-busy and booking go for treatment, beyond the instant at which it comes into force. Correct the draft, or take the rules and the names out.');
  }
}

/** Who shares time tells what is free and who comes, and a list that is worked shows who waits. Throws DataSharingTooNarrow. */
export function requireDataForRules(terms: { readonly rules: readonly unknown[]; readonly staffAccess?: readonly unknown[] | undefined; readonly dataSharing?: readonly SharedData[] | undefined }, effectiveFrom: Instant): void {
  const end = timeSharedUntil(terms.dataSharing ?? null);
  if (terms.rules.length + (terms.staffAccess?.length ?? 0) > 0 && end !== null && end <= effectiveFrom) throw new DataSharingTooNarrow();
}
