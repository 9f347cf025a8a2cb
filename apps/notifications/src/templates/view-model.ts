import { addressOf } from './invitation';
import { type TemplateName } from './template-names';
import { type MessageFacts, type VisitFacts, clockOf, phoneForPeople, placeOf, timeOf } from './visit-facts';

/** Stand for what a mail shows as a table and as links; taken out of every value, so that none can be put in by a name. */
export const DETAILS = '\ufdd0';
export const LINKS = '\ufdd1';

interface VisitModel {
  readonly when: string;
  readonly where: string;
  readonly provider: string | null;
  readonly page: string | null;
  readonly cancelBy: string | null;
  readonly givesUp: string | null;
}

/** All that a template can say. There is no reason for the visit, no service and no visit type in it, so none can be named. */
export interface ViewModel {
  readonly practice: { readonly name: string | null; readonly phone: string };
  readonly patient: { readonly name: string | null };
  readonly bookedBy: string | null;
  readonly times: string;
  readonly timesAndPlaces: string;
  readonly choices: string;
  readonly page: string | null;
  readonly cancelBy: string | null;
  readonly cancelIsLate: boolean;
  readonly givesUp: string | null;
  readonly answerBy: string | null;
  readonly cancelled: boolean;
  readonly visits: readonly VisitModel[];
  readonly details: string;
  readonly links: string;
}

type Documented<Model> = Readonly<Record<keyof Model, string>>;
/** What each variable is, for people who write templates; also what the lint knows. */
export const VARIABLES: Omit<Documented<ViewModel>, 'practice' | 'patient'> & { readonly practice: Documented<ViewModel['practice']>; readonly patient: Documented<ViewModel['patient']> } = {
  practice: { name: 'The practice; empty where its name would tell why somebody comes.', phone: 'Its phone, such as (617) 555-0100.' },
  patient: { name: "The patient's given name; may be empty." },
  bookedBy: 'The practice that booked; empty where it is the same.',
  times: 'When: day, time and zone, of all visits that the message is about.',
  timesAndPlaces: 'The same, each with its place.',
  choices: 'The same, numbered, for a question which of them is meant.',
  page: "The one link that may stand in a text: the patient's own page. Empty where the text does not need it; in mails of one visit it is the visit's.",
  cancelBy: 'Until when calling off is not late; empty where it always is free, or where there are several visits.',
  cancelIsLate: 'True where calling off now counts as late.',
  givesUp: 'The later visit that a yes to an offer gives up; may be empty.',
  answerBy: "Until when an answer counts, by the patient's clock; may be empty.",
  cancelled: 'True where the visit is cancelled by now.',
  visits: 'For a loop: for visit in visits.',
  details: 'Mails only: when, where and with whom, as a table.',
  links: "Mails only: the links to the visits' pages.",
};
/** Inside `for visit in visits`. */
export const VISIT_VARIABLES: Documented<VisitModel> = { when: 'Day, time and zone.', where: 'The place; empty where it must not be named.', provider: 'With whom; empty where it must not be named.', page: "The link to this visit's page; may be empty.", cancelBy: 'Until when calling off is not late; may be empty.', givesUp: 'The later visit that a yes gives up; may be empty.' };

const BY_WAY = { en: { video: ' by video', phone: ' by phone', at: ' at ' }, es: { video: ' por video', phone: ' por teléfono', at: ' en ' } } as const;
/** Texts that link to the page only where the place must not be named: there the page, behind the birth date, says it. */
const LINKED_WHERE_HIDDEN: ReadonlySet<TemplateName> = new Set(['booking-confirmation', 'visit-reminder', 'visit-moved']);
const ALWAYS_LINKED: ReadonlySet<TemplateName> = new Set(['visit-must-move', 'answer-move-link', 'no-show-note', 'education']);

/** What a message knows, in the words of its language. */
export function modelOf(template: TemplateName, facts: MessageFacts, channel: 'sms' | 'email'): ViewModel {
  const { language, visits } = facts;
  const clean = (text: string): string => text.replace(/[\ufdd0-\ufdef]/gu, '');
  const maybe = (text: string | null): string | null => (text === null || text === '' ? null : clean(text));
  // Why once: a time is written several times, and writing it out is half of what a model costs.
  const whens = visits.map((visit) => clean(whoAndWhen(visit, language)));
  const said = visits.map((visit, index) => whens[index] + placeIn(visit, facts));
  const [first, ...more] = visits;
  const only = first && more.length === 0 ? first : null;
  const one = (visit: VisitFacts, index: number): VisitModel => ({
    when: whens[index] ?? '', where: clean(placeIn(visit, facts)), provider: maybe(visit.provider), page: visit.page,
    cancelBy: typeof visit.cancelFree === 'number' ? timeOf({ start: visit.cancelFree, zone: visit.zone }, language) : null, givesUp: visit.givesUp === null ? null : timeOf(visit.givesUp, language),
  });
  const each = visits.map(one);
  return {
    practice: { name: maybe(facts.practice.name), phone: phoneForPeople(facts.practice.phone) }, patient: { name: maybe(facts.givenName) }, bookedBy: maybe(facts.bookedBy),
    times: whens.join('; '), timesAndPlaces: clean(said.join('; ')), choices: clean(said.map((text, index) => `${index + 1}: ${text}`).join('; ')),
    page: pageOf(template, facts, channel), cancelBy: only ? (each[0]?.cancelBy ?? null) : null,
    cancelIsLate: channel === 'sms' ? only?.cancelFree === 'over' : visits.some(({ cancelFree }) => cancelFree === 'over'),
    givesUp: each[0]?.givesUp ?? null, answerBy: facts.answerBy ? clockOf(facts.answerBy) : null, cancelled: first?.cancelled ?? false,
    visits: each, details: channel === 'email' ? DETAILS : '', links: channel === 'email' ? LINKS : '',
  };
}

function pageOf(template: TemplateName, { visits, page }: MessageFacts, channel: 'sms' | 'email'): string | null {
  const [first, ...more] = visits;
  if (!first) return page ?? null;
  if (channel === 'email') return more.length === 0 ? first.page : null;
  return ALWAYS_LINKED.has(template) || (LINKED_WHERE_HIDDEN.has(template) && more.length === 0 && first.site === null) ? first.page : null;
}

/** `Leo: Mon Nov 23, 9:30 AM EST` where several patients are spoken of. */
const whoAndWhen = (visit: VisitFacts, language: MessageFacts['language']): string => (visit.who === null ? '' : `${visit.who}: `) + timeOf(visit, language);

function placeIn(visit: VisitFacts, { practice, language }: MessageFacts): string {
  const words = BY_WAY[language];
  if (visit.modality === 'video') return words.video;
  if (visit.modality === 'phone') return words.phone;
  return visit.site === null ? '' : words.at + placeOf(visit.site, practice.name ?? '');
}

/** The rows of a mail's table. */
export function rowsOf(template: TemplateName, visit: VisitFacts, facts: MessageFacts, labels: { readonly when: string; readonly where: string; readonly who: string; readonly video: string; readonly phone: string; readonly late: string; readonly givesUp: string }, changeable: ReadonlySet<TemplateName>): [string, string][] {
  const { language } = facts;
  const where = visit.modality === 'video' ? labels.video : visit.modality === 'phone' ? labels.phone : visit.site && `${visit.site.name}, ${addressOf(visit.site)}`;
  const place: [string, string][] = where === null ? [] : [[labels.where, where]];
  const who: [string, string][] = visit.provider === null ? [] : [[labels.who, visit.provider]];
  const rule: [string, string][] = changeable.has(template) && typeof visit.cancelFree === 'number' ? [[labels.late, timeOf({ start: visit.cancelFree, zone: visit.zone }, language)]] : [];
  const later: [string, string][] = template === 'waitlist-offer' && visit.givesUp !== null ? [[labels.givesUp, timeOf(visit.givesUp, language)]] : [];
  return [[labels.when, whoAndWhen(visit, language)], ...place, ...who, ...later, ...rule];
}
