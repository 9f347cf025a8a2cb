import { z } from 'zod';
import { instantText, localDate, localTime, practiceId, providerId, serviceCode, siteId, visitTypeId } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

const releaseHours = z.int().positive().nullable();
/** A block of hours in the site's wall time; `to` at or before `from` means the next day. With what it says beyond its times. */
const block = {
  from: localTime, to: localTime,
  overbook: z.object({ lanes: z.int().positive(), visitTypes: z.array(visitTypeId).nullable() }).nullable(),
  walkIns: z.int().nonnegative(),
  keptFor: z.object({ visitTypes: z.array(visitTypeId), services: z.array(serviceCode), releaseHours }).nullable(),
  limits: z.array(z.object({ visitType: visitTypeId, most: z.int().nonnegative(), releaseHours })),
};
/** That one of the practice's is gone. */
export const removal = z.object({ id: z.uuid(), practice: practiceId });

/** When providers work, as whole present state: the last record of a key says how it is now. Who reads all of it knows every hour that was ever open. */
export const AvailabilityDefined = defineEvent(topics.availability, 'defined', 'A block of recurring hours exists, or it changed.', z.object({
  id: z.uuid(), practice: practiceId, provider: providerId, site: siteId, weekday: z.int().min(1).max(7), validFrom: localDate, validTo: localDate.nullable(), everyWeeks: z.int().positive(), ...block,
}));
export const AvailabilityRemoved = defineEvent(topics.availability, 'removed', 'A block of recurring hours is gone; what was booked in it stays.', removal);
export const AvailabilityExceptionDefined = defineEvent(topics.availabilityException, 'defined', 'A date has other hours than the usual ones (none: no ranges), or these changed.', z.object({
  id: z.uuid(), practice: practiceId, provider: providerId, site: siteId, date: localDate, ranges: z.array(z.object(block)),
}));
export const AvailabilityExceptionRemoved = defineEvent(topics.availabilityException, 'removed', 'The usual hours hold again on a date.', removal);
/** Why it is closed stays in the practice. */
export const ClosureDefined = defineEvent(topics.closure, 'defined', 'A practice, a site or a provider is closed for whole days or an exact time, or that changed.', z.object({
  id: z.uuid(), practice: practiceId, site: siteId.nullable(), provider: providerId.nullable(),
  days: z.object({ firstDay: localDate, lastDay: localDate }).nullable(), time: z.object({ start: instantText, end: instantText }).nullable(),
}));
export const ClosureRemoved = defineEvent(topics.closure, 'removed', 'A closure was lifted; the hours hold again.', removal);
