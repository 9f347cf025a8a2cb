import { type Instant, type LocalDate, type Zone, daysBetween, instantOf, localDateOf, localTimeOf, parseLocalDate, parseLocalTime, weekdayOf } from '@slotmesh/kernel';

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

const MIDNIGHT = parseLocalTime('00:00');
const DAY_ZERO = parseLocalDate('1970-01-01');

/** Facts of each visit, in their order. Of the patient's other visits only those count that were over, and whose outcome was told, before the booking day. */
export function factsAtBooking(visits: readonly VisitOfPatient[]): BookingFacts[] {
  const ofPatient = byPatient(visits);
  // Why kept: visits share few days, and arithmetic of dates is dear.
  const days = new Map<LocalDate, { readonly number: number; readonly weekday: number }>();
  const dayOf = (date: LocalDate) => {
    let day = days.get(date);
    if (!day) days.set(date, (day = { number: daysBetween(DAY_ZERO, date), weekday: weekdayOf(date) }));
    return day;
  };
  return visits.map((visit) => {
    const bookingDay = localDateOf(visit.bookedAt, visit.zone);
    const dayBegins = instantOf(bookingDay, MIDNIGHT, visit.zone);
    const known = (ofPatient.get(visit.patient) ?? []).filter(({ id, start, settledAt }) => id !== visit.id && settledAt !== null && settledAt < dayBegins && start < dayBegins);
    const day = dayOf(localDateOf(visit.start, visit.zone));
    return {
      leadDays: Math.max(0, day.number - dayOf(bookingDay).number), weekday: day.weekday, hour: Number(localTimeOf(visit.start, visit.zone).slice(0, 2)), service: visit.service, modality: visit.modality,
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
