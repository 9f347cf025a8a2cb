import { type Instant, type LocalDate, type Zone, daysBetween, localDateOf, localTimeOf, weekdayOf } from '@slotmesh/kernel';

/** A past or coming visit as far as the score needs it. `settledAt`: when its outcome was told; null while there is none. */
export interface VisitOfPatient {
  readonly id: string;
  readonly patient: string;
  readonly bookedAt: Instant;
  readonly start: Instant;
  readonly zone: Zone;
  /** `other` for a service that tells why somebody comes. */
  readonly service: string;
  readonly modality: string;
  readonly outcome: 'kept' | 'missed' | null;
  readonly settledAt: Instant | null;
}

/**
 * All that the score may know: what is known on the day of booking. Nothing about who somebody is: neither race, payer, language, postcode or
 * disability, nor age, sex or name (P20). That a reminder was read is not known then either.
 */
export interface BookingFacts {
  readonly leadDays: number;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly service: string;
  readonly modality: string;
  readonly earlierKept: number;
  readonly earlierMissed: number;
}

export const bookingDayOf = ({ bookedAt, zone }: VisitOfPatient): LocalDate => localDateOf(bookedAt, zone);

/** Facts of each visit, in their order. Of the patient's other visits only those count that were over, and whose outcome was told, before the booking day. */
export function factsAtBooking(visits: readonly VisitOfPatient[]): BookingFacts[] {
  const ofPatient = byPatient(visits);
  return visits.map((visit) => {
    const bookingDay = bookingDayOf(visit);
    const known = (ofPatient.get(visit.patient) ?? []).filter((other) => other.id !== visit.id && other.settledAt !== null && localDateOf(other.settledAt, visit.zone) < bookingDay && localDateOf(other.start, visit.zone) < bookingDay);
    const day = localDateOf(visit.start, visit.zone);
    return {
      leadDays: Math.max(0, daysBetween(bookingDay, day)), weekday: weekdayOf(day), hour: Number(localTimeOf(visit.start, visit.zone).slice(0, 2)), service: visit.service, modality: visit.modality,
      earlierKept: known.filter(({ outcome }) => outcome === 'kept').length, earlierMissed: known.filter(({ outcome }) => outcome === 'missed').length,
    };
  });
}

function byPatient(visits: readonly VisitOfPatient[]): Map<string, VisitOfPatient[]> {
  const groups = new Map<string, VisitOfPatient[]>();
  for (const visit of visits) {
    const group = groups.get(visit.patient);
    if (group) group.push(visit);
    else groups.set(visit.patient, [visit]);
  }
  return groups;
}
