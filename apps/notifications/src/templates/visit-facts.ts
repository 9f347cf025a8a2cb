import type { Language } from '@slotmesh/contracts';
import { type Instant, type Zone } from '@slotmesh/kernel';

/** What a template may say about a visit. No reason, no service, no visit type: the least that is necessary (45 CFR 164.502(b)). */
export interface VisitFacts {
  /** Whose it is, where a message is about the visits of several patients. */
  readonly who: string | null;
  readonly start: Instant;
  readonly end: Instant;
  readonly zone: Zone;
  readonly cancelled: boolean;
  readonly modality: 'in-person' | 'video' | 'phone';
  /** Null: the place alone would tell why the patient comes. */
  readonly site: Site | null;
  /** Null: the name would tell it. */
  readonly provider: string | null;
  /** The last moment at which calling off does not count as late, `over` behind it; null: it never does. */
  readonly cancelFree: Instant | 'over' | null;
  /** The later visit that a yes to this offer gives up. */
  readonly givesUp: { readonly start: Instant; readonly zone: Zone } | null;
  /** The link to the patient's own page: in mails, and in texts that ask to choose another time or do not name the place. Other texts have no room for it. */
  readonly page: string | null;
}
export interface Site {
  readonly name: string; readonly phone: string; readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string;
}
export interface MessageFacts {
  readonly language: Language;
  /** `name` null: it would tell why the patient comes. A template that forgets this does not compile. */
  readonly practice: { readonly name: string | null; readonly phone: string };
  /** Set where another practice booked. */
  readonly bookedBy: string | null;
  readonly givenName: string | null;
  readonly visits: readonly VisitFacts[];
  /** Where a message leads that is not about the visit itself. */
  readonly page?: string | null;
  /** Until when an answer counts, by the patient's clock. */
  readonly answerBy: Pick<VisitFacts, 'zone'> & { readonly at: Instant } | null;
  /** Where this address can be taken off the list with one click; absent where a mail cannot be declined. */
  readonly unsubscribe?: string | null | undefined;
}

const WORDS = {
  en: { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] },
  es: { days: ['lun', 'mar', 'mié', 'jue', 'vie', 'sáb', 'dom'], months: ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'] },
} as const;

/** `Mon Nov 23, 9:30 AM EST`, `lun 23 nov, 9:30 AM EST`: always the site's zone, always named, the same on every machine (no locale data but that of zones involved). */
export function timeOf({ start, zone }: Pick<VisitFacts, 'start' | 'zone'>, language: Language): string {
  const { weekday, month, day, clock } = wallTimeOf(start, zone);
  const words = WORDS[language];
  const date = language === 'es' ? `${words.days[weekday]} ${day} ${words.months[month - 1]}` : `${words.days[weekday]} ${words.months[month - 1]} ${day}`;
  return `${date}, ${clock}`;
}

const formats = new Map<Zone, Intl.DateTimeFormat>();
/** Why parts of one kept format: making one for each time costs more than all the rest of a message, and newer versions put U+202F before AM. */
function wallTimeOf(at: Instant, zone: Zone): { readonly weekday: number; readonly month: number; readonly day: number; readonly clock: string } {
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short', month: 'numeric', day: 'numeric', hour: 'numeric', minute: '2-digit', hour12: true, timeZoneName: 'short' })));
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = value;
  return { weekday: WORDS.en.days.findIndex((day) => day === part.weekday), month: Number(part.month), day: Number(part.day), clock: `${part.hour}:${part.minute} ${part.dayPeriod} ${part.timeZoneName}` };
}

/** `2:30 PM EST`. */
export const clockOf = ({ at, zone }: NonNullable<MessageFacts['answerBy']>): string => wallTimeOf(at, zone).clock;

/** The site as a person would say it after the practice's name: without that name again, with the city only where the site's name does not hold it. */
export function placeOf(site: Site, practice: string): string {
  const own = site.name.startsWith(practice) ? site.name.slice(practice.length).replace(/^[\s,:-]+/, '') : site.name;
  return own === '' ? site.city : own.includes(site.city) ? own : `${own}, ${site.city}`;
}

/** `(617) 555-0123`; what is no ten-digit US number stays as it is. */
export function phoneForPeople(phone: string): string {
  const digits = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return digits ? `(${digits[1]}) ${digits[2]}-${digits[3]}` : phone;
}
