import type { Language } from '@slotmesh/contracts';
import { NEUTRAL_VISIT, nameFor, neutralSite, toDate } from '@slotmesh/kernel';
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { addressOf } from './pages/visit-page';
import type { ReadableVisit } from './queries/read-visit';

/**
 * The visit as a file for a calendar (RFC 5545, METHOD:PUBLISH): the UID and `SEQUENCE` of the invitations in our mails, so that an entry made here moves with them.
 * It says what those say: no reason, no service, no provider, and of a sensitive place the town alone, because calendars are shared. Times are UTC, so every calendar shows its owner's own zone.
 */
export function calendarOf({ appointment, place, now }: ReadableVisit, language: Language): string {
  const calendar = ical({ prodId: { company: 'Slotmesh', product: 'Patient page', language: 'EN' }, method: ICalCalendarMethod.PUBLISH });
  calendar.createEvent({
    id: `${appointment.id}@slotmesh`,
    sequence: appointment.revision - 1,
    stamp: toDate(now),
    start: toDate(appointment.start),
    end: toDate(appointment.end),
    summary: place.siteSensitive ? NEUTRAL_VISIT[language] : language === 'es' ? `Cita: ${place.practice}` : `Visit: ${place.practice}`,
    location: appointment.modality === 'in-person' ? nameFor('over-a-shoulder', { name: `${place.site}, ${addressOf({ place })}`, sensitive: place.siteSensitive }, neutralSite(place.address.city)) : null,
    status: appointment.status === 'pending' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED,
    // Why: RFC 5545 section 3.2 has no way to write a double quote inside a parameter value, and PUBLISH needs an organizer (RFC 5546 section 3.2.1).
    organizer: { name: nameFor('over-a-shoulder', { name: place.practice, sensitive: place.siteSensitive }, NEUTRAL_VISIT[language]).replaceAll('"', "'").replace(/\p{Cc}/gu, ' '), email: place.practiceEmail },
  });
  return calendar.toString();
}
