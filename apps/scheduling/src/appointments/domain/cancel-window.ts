import { HOUR, type Instant } from '@slotmesh/kernel';

/**
 * Until when a visit that is taken now may be called off or moved without a mark; null: always. Whoever takes, or is given, a time inside the window had no moment to change their mind in time,
 * so nothing binds them. Kept with the visit: a policy that changes later changes nothing that the patient was told.
 */
export function freeUntil(windowHours: number | null, start: Instant, takenAt: Instant): Instant | null {
  if (windowHours === null) return null;
  const until = (start - windowHours * HOUR) as Instant;
  return until > takenAt ? until : null;
}

export const isLate = ({ cancelFreeUntil }: { readonly cancelFreeUntil: Instant | null }, now: Instant): boolean => cancelFreeUntil !== null && now > cancelFreeUntil;
