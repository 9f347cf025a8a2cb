import { z } from 'zod';
import { instantText, localDate, practiceId, providerId, serviceCode, siteId, visitTypeId, zone } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

const minutes = z.int().nonnegative();
/**
 * What a provider's day holds, before bookings and holds and less closures, absences and blocks: `minutes` at all sites, `shared` what partners could have of it, `services` what each service could have (they overlap and are never added).
 * Time that hours keep for some visits belongs to their services alone, also where it is released shortly before; `shared` is what rules open before it returns to its owner, and quotas and rules by how its owner stands (`ownFirstDays`, `guardDays`) are not in it: how many visits they let in tells `shared-time`.
 * Every date from today to the last that can be booked, at most 90 days ahead, is stated once it comes within reach, also one that holds nothing. The date is one of the site's own; `id` is provider and date, and is the key. Stated again when what it says changes, never because somebody books and never once it is over.
 */
export const SupplyStated = defineEvent(topics.supply, 'stated', "What a provider's day holds was stated, or it changed.", z.object({
  id: z.uuid(), host: practiceId, provider: providerId, date: localDate, at: instantText, minutes, shared: minutes,
  sites: z.array(z.object({ site: siteId, zone, minutes })), services: z.array(z.object({ service: serviceCode, minutes })),
}));

/** The first and third opening from the moment on that nobody has booked or holds; null: not within the days that can be booked. `days` and `workingDays`: from the date of the snapshot to that of the third on its own wall, on the calendar and on days on which the site (in the network any site of the practice itself) is open. `horizonDays`: how far ahead was looked, 120 days at most; 0: that date alone. Starts are those of a search, so two of them may overlap. */
const starts = { first: instantText.nullable(), third: instantText.nullable(), days: z.int().nonnegative().nullable(), workingDays: z.int().nonnegative().nullable() };
const wait = { ...starts, horizonDays: z.int().nonnegative() };
/** At 06:00 of the site, what of its own time stood open by provider and visit type. A site with very many is told in several events of one date; `id` is site, date and, from the second on, its number, and is the key. After an outage it is taken late, and `at` says when; of dates that were missed there is none. `patients`: whom the visit type is for. */
export const AccessTaken = defineEvent(topics.access, 'taken', 'How long patients wait at a site was looked at.', z.object({
  id: z.uuid(), host: practiceId, site: siteId, zone, date: localDate, at: instantText,
  waits: z.array(z.object({ provider: providerId, visitType: visitTypeId, service: serviceCode, patients: z.enum(['new', 'established', 'all']), ...wait })),
}));
/** At 06:00 of the practice, what its desks could hold of each service, own time and that of partners; what other systems publish is not among it; `host`: who has the third; `own`: the same in the practice's own time alone, all of its providers together; null where it has no providers for the service. `id` is practice and date, and is the key. */
export const NetworkAccessTaken = defineEvent(topics.access, 'network-taken', 'How long patients of a practice wait was looked at, with what partners share.', z.object({
  id: z.uuid(), practice: practiceId, zone, date: localDate, at: instantText, waits: z.array(z.object({ service: serviceCode, host: practiceId.nullable(), ...wait, own: z.object(starts).nullable().default(null) })),
}));

/** One hour of one practice: how many searches of its desks for a service found nothing within what they asked for. Pages after the first are not counted. `id` is practice, service and hour, and is the key. */
export const EmptySearchesCounted = defineEvent(topics.search, 'empty-counted', 'Searches that found nothing were counted.', z.object({ id: z.uuid(), practice: practiceId, service: serviceCode, hour: instantText, searches: z.int().positive(), at: instantText }));
