import { type Instant, toDate } from '@slotmesh/kernel';
import { contentOf, parameterValue, textValue, utcValue } from './calendar-lines';
import type { Site, VisitFacts } from './visit-facts';

export interface Invitation {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly content: string;
}

/**
 * The calendar part of a mail (RFC 5546): one UID for the life of the visit, `SEQUENCE` from its revision, so that a move replaces the entry and a
 * cancellation, which raises the revision, removes it. Calendars are shared: a place that must not be named is left out, and `practice.name` then is a neutral one. Times are UTC, so no VTIMEZONE is needed and every calendar shows its owner's own zone.
 */
export function invitationOf(facts: { readonly appointment: string; readonly revision: number; readonly visit: VisitFacts; readonly summary: string; readonly practice: { readonly name: string; readonly email: string }; readonly attendee: { readonly name: string | null; readonly email: string }; readonly now: Instant }): Invitation {
  const { visit, practice, attendee } = facts;
  const method = visit.cancelled ? 'CANCEL' : 'REQUEST';
  const location = visit.modality === 'in-person' && visit.site !== null ? [`LOCATION:${textValue(`${visit.site.name}, ${addressOf(visit.site)}`)}`] : [];
  // Why written here: these few lines are made for every mail, and a library for all of RFC 5545 takes as long for them as the mail's text and HTML together.
  const content = contentOf([
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Slotmesh//Notifications//EN', `METHOD:${method}`,
    'BEGIN:VEVENT', `UID:${facts.appointment}@slotmesh`, `SEQUENCE:${facts.revision - 1}`, `DTSTAMP:${utcValue(toDate(facts.now))}`, `DTSTART:${utcValue(toDate(visit.start))}`, `DTEND:${utcValue(toDate(visit.end))}`,
    `SUMMARY:${textValue(facts.summary)}`, ...location, `STATUS:${visit.cancelled ? 'CANCELLED' : 'CONFIRMED'}`, `ORGANIZER;CN=${parameterValue(practice.name)}:mailto:${practice.email}`,
    `ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE${attendee.name ? `;CN=${parameterValue(attendee.name)}` : ''}:mailto:${attendee.email}`,
    'END:VEVENT', 'END:VCALENDAR',
  ]);
  return { method, content };
}

export const addressOf = (site: Site): string => `${site.line}, ${site.city}, ${site.state} ${site.postalCode}`;
