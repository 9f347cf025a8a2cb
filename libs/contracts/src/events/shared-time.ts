import { z } from 'zod';
import { agreementId, appointmentId, instantText, localDate, practiceId, providerId, siteId } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

const minutes = z.int().nonnegative();
/** One date of a host's calendar under one agreement; `id` is the key. All minutes are those of visits, whole. */
const day = { id: z.uuid(), agreement: agreementId, host: practiceId, date: localDate, at: instantText };

/** What partners could book of a date grew: it opened to them, hours were added, or the host's own visits gave time back. `places`: all that stands open, by provider and site. */
export const SharedTimeOffered = defineEvent(topics.sharedTime, 'offered', 'Time of a date was opened to partners.', z.object({ ...day, minutes: z.int().positive(), places: z.array(z.object({ provider: providerId, site: siteId, minutes })) }));
/** What partners could book shrank before it returned to its owner: by closures, hours or an amended rule (withdrawn), or by the host's own visits (takenBack). */
export const SharedTimeReduced = defineEvent(topics.sharedTime, 'reduced', 'Time that stood open to partners was taken away.', z.object({ ...day, withdrawn: minutes, takenBack: minutes }));
/**
 * The date is over, and all that stood open has found its end beside what partners booked. `offered`: visits of partners beyond what was counted as open. `late`: called off so late that nobody took the time,
 * by the patient or the booking practice (wasted) or by the host (withdrawn-late).
 */
export const SharedTimeEnded = defineEvent(topics.sharedTime, 'ended', 'A date is over for partners.', z.object({
  ...day, offered: minutes, takenBack: minutes, returned: minutes, late: z.array(z.object({ appointment: appointmentId, booking: practiceId, minutes: z.int().positive(), account: z.enum(['wasted', 'withdrawn-late']) })),
}));
