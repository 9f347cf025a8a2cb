import { HOUR, type Instant } from '@slotmesh/kernel';

/** `value` null: nothing can be said. */
export interface Measured {
  readonly value: number | null;
  readonly cases: number;
}
export interface Standard {
  readonly limit: number;
  readonly leastCases: number;
}
export type Judgement = { readonly state: 'too-few'; readonly value: null; readonly cases: null } | { readonly state: 'kept' | 'breached'; readonly value: number; readonly cases: number };

const SHARE_ANSWERED = 0.9;

/** The hours within which nine of ten referrals, or texts, were answered (nearest rank). One that waits still counts with the time that it has waited by then, so that not answering is never better than answering late. */
export function answeredWithinHours(referrals: readonly { readonly sentAt: Instant; readonly answeredAt: Instant | null }[], asOf: Instant): Measured {
  const hours = referrals.map(({ sentAt, answeredAt }) => Math.max(0, ((answeredAt ?? asOf) - sentAt) / HOUR)).sort((a, b) => a - b);
  return { value: hours[Math.ceil(hours.length * SHARE_ANSWERED) - 1] ?? null, cases: hours.length };
}

/** A part of a whole in percent; of nothing there is no percentage. `cases`: what it was counted on. */
export function percentOf(part: number, whole: number, cases: number): Measured {
  return { value: whole === 0 ? null : (part * 100) / whole, cases };
}

/** A standard is kept up to its limit and breached above it. Of too few cases neither the value nor their number is told. */
export function judge({ value, cases }: Measured, { limit, leastCases }: Standard): Judgement {
  if (value === null || cases < leastCases) return { state: 'too-few', value: null, cases: null };
  return { state: value > limit ? 'breached' : 'kept', value: Math.round(value * 100) / 100, cases };
}

/** The first moment of the month in UTC: measured are months that are over, so that nobody finds a single case by asking twice. */
export function monthBegun(at: Instant): Instant {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) as Instant;
}
