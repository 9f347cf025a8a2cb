import { type Instant, toDate } from '@slotmesh/kernel';
import ical, { ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { Site, VisitFacts } from './visit-facts';

export interface Invitation {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly content: string;
}

// Why: RFC 5545 section 3.2 has no way to write a double quote inside a parameter value.
const parameter = (text: string): string => text.replaceAll('"', "'").replace(/\p{Cc}/gu, ' ');

/**
 * The calendar part of a mail (RFC 5546): one UID for the life of the visit, `SEQUENCE` from its revision, so that a move replaces the entry and a
 * cancellation, which raises the revision, removes it. Calendars are shared: a place that must not be named is left out, and `practice.name` then is a neutral one. Times are UTC, so no VTIMEZONE is needed and every calendar shows its owner's own zone.
 */
export function invitationOf(facts: { readonly appointment: string; readonly revision: number; readonly visit: VisitFacts; readonly summary: string; readonly practice: { readonly name: string; readonly email: string }; readonly attendee: { readonly name: string | null; readonly email: string }; readonly now: Instant }): Invitation {
  const { visit, practice, attendee } = facts;
  const method = visit.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST;
  const calendar = ical({ prodId: { company: 'Slotmesh', product: 'Notifications', language: 'EN' }, method });
  calendar.createEvent({
    id: `${facts.appointment}@slotmesh`,
    sequence: facts.revision - 1,
    stamp: toDate(facts.now),
    start: toDate(visit.start),
    end: toDate(visit.end),
    summary: facts.summary,
    location: visit.modality === 'in-person' && visit.site !== null ? `${visit.site.name}, ${addressOf(visit.site)}` : null,
    status: visit.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: { name: parameter(practice.name), email: practice.email },
    attendees: [{ email: attendee.email, rsvp: false, role: ICalAttendeeRole.REQ, status: ICalAttendeeStatus.NEEDSACTION, ...(attendee.name ? { name: parameter(attendee.name) } : {}) }],
  });
  return { method: visit.cancelled ? 'CANCEL' : 'REQUEST', content: calendar.toString() };
}

export const addressOf = (site: Site): string => `${site.line}, ${site.city}, ${site.state} ${site.postalCode}`;
