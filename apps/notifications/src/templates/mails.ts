import type { Language } from '@slotmesh/contracts';
import { NEUTRAL_VISIT } from '@slotmesh/kernel';
import type { VisitTemplate } from '../messages/domain/fence';
import { addressOf } from './invitation';
import { type MessageFacts, type VisitFacts, phoneForPeople, timeOf, clockOf } from './visit-facts';

/** Raised with every change of a wording; kept with each attempt as evidence. */
export const MAILS_VERSION = 7;

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Wording {
  /** Practice and date only, or the date alone where the practice must not be named: a subject is read over shoulders. */
  readonly subject: Readonly<Record<VisitTemplate, (practice: string | null, at: string) => string>>;
  readonly lead: Readonly<Record<VisitTemplate, string>>;
  readonly greeting: (name: string | null) => string;
  readonly bookedBy: (practice: string) => string;
  readonly labels: { readonly when: string; readonly where: string; readonly who: string; readonly video: string; readonly phone: string };
  readonly page: string;
  readonly choose: string;
  readonly move: (phone: string) => string;
  readonly change: (phone: string) => string;
  readonly late: { readonly label: string; readonly counts: string };
  readonly read: string;
  readonly book: (phone: string) => string;
  readonly rebook: (phone: string) => string;
  readonly take: (phone: string, by: string | null) => string;
  readonly givesUp: { readonly label: string; readonly says: (later: string) => string };
  readonly questions: (phone: string) => string;
  readonly footer: (practice: string | null) => string;
}

const said = (before: string, name: string | null): string => (name === null ? '' : before + name);

const en: Wording = {
  subject: {
    'booking-confirmation': (practice, at) => `Your visit${said(' at ', practice)} is booked: ${at}`,
    'visit-reminder': (practice, at) => `Reminder: your visit${said(' at ', practice)}, ${at}`,
    'visit-moved': (practice, at) => `New time for your visit${said(' at ', practice)}: ${at}`,
    'visit-cancelled': (practice, at) => `Cancelled: your visit${said(' at ', practice)}, ${at}`,
    'waitlist-offer': (practice, at) => (practice === null ? `A time came free, ${at}` : `${practice}: a time came free, ${at}`),
    'waitlist-offer-gone': (practice, at) => (practice === null ? `No longer free, ${at}` : `${practice}: no longer free, ${at}`),
    'visit-must-move': (practice, at) => (practice === null ? `Your visit of ${at} has to move` : `${practice} has to move your visit of ${at}`),
    education: (practice, at) => `What to know before your visit${said(' at ', practice)}, ${at}`,
    'recall-due': (practice) => (practice === null ? 'Time to book your next visit' : `${practice}: time to book your next visit`),
  },
  lead: { 'booking-confirmation': 'Your visit is booked.', 'visit-reminder': 'This is a reminder of your visit.', 'visit-moved': 'Your visit has a new time.', 'visit-cancelled': 'Your visit is cancelled.', 'waitlist-offer': 'You are on our wait list, and this time came free.', 'waitlist-offer-gone': 'This time is no longer free. You keep your place on our wait list.', 'visit-must-move': 'We have to move your visit. Please choose another time.', 'recall-due': 'It is time to book your next visit with us.', education: 'Please read what to know before your visit.' },
  greeting: (name) => (name ? `Dear ${name},` : 'Hello,'),
  bookedBy: (practice) => `It was booked by ${practice}.`,
  labels: { when: 'When', where: 'Where', who: 'With', video: 'By video', phone: 'By phone' },
  page: 'Confirm, move or cancel it on your own page',
  choose: 'Choose another time on your own page',
  move: (phone) => `You can also call ${phone} for another time.`,
  change: (phone) => `To change or cancel it, please call ${phone}.`,
  late: { label: 'Cancel or move by', counts: 'To cancel or move it now counts as late.' },
  read: 'Read it here',
  book: (phone) => `To book it, please call ${phone}.`,
  rebook: (phone) => `To book another time, please call ${phone}.`,
  take: (phone, by) => `To take it, please call ${phone}${by ? ` before ${by}` : ''}. If you pass, you keep your place.`,
  givesUp: { label: 'Takes the place of', says: (later) => `If you take it, your later visit on ${later} is given up.` },
  questions: (phone) => `Questions? Please call ${phone}.`,
  footer: (practice) => `${practice === null ? 'We sent this because you have a visit with us' : `${practice} sent this because you have a visit there`} or wait for one. This mailbox is not watched for emergencies: call 911.`,
};

const es: Wording = {
  subject: {
    'booking-confirmation': (practice, at) => `Su cita${said(' en ', practice)} está reservada: ${at}`,
    'visit-reminder': (practice, at) => `Recordatorio: su cita${said(' en ', practice)}, ${at}`,
    'visit-moved': (practice, at) => `Nueva hora para su cita${said(' en ', practice)}: ${at}`,
    'visit-cancelled': (practice, at) => `Cancelada: su cita${said(' en ', practice)}, ${at}`,
    'waitlist-offer': (practice, at) => (practice === null ? `Hay una hora libre, ${at}` : `${practice}: hay una hora libre, ${at}`),
    'waitlist-offer-gone': (practice, at) => (practice === null ? `Ya no está libre, ${at}` : `${practice}: ya no está libre, ${at}`),
    'visit-must-move': (practice, at) => (practice === null ? `Su cita del ${at} tiene que cambiar` : `${practice} tiene que cambiar su cita del ${at}`),
    education: (practice, at) => `Lo que debe saber antes de su cita${said(' en ', practice)}, ${at}`,
    'recall-due': (practice) => (practice === null ? 'Es hora de reservar su próxima cita' : `${practice}: es hora de reservar su próxima cita`),
  },
  lead: { 'booking-confirmation': 'Su cita está reservada.', 'visit-reminder': 'Le recordamos su cita.', 'visit-moved': 'Su cita tiene una nueva hora.', 'visit-cancelled': 'Su cita está cancelada.', 'waitlist-offer': 'Está en nuestra lista de espera, y esta hora está libre.', 'waitlist-offer-gone': 'Esta hora ya no está libre. Conserva su lugar en la lista de espera.', 'visit-must-move': 'Tenemos que cambiar su cita. Por favor, elija otra hora.', 'recall-due': 'Es hora de reservar su próxima cita con nosotros.', education: 'Por favor, lea lo que debe saber antes de su cita.' },
  greeting: (name) => (name ? `Hola, ${name}:` : 'Hola:'),
  bookedBy: (practice) => `La reservó ${practice}.`,
  labels: { when: 'Cuándo', where: 'Dónde', who: 'Con', video: 'Por video', phone: 'Por teléfono' },
  page: 'Confírmela, cámbiela o cancélela en su propia página',
  choose: 'Elija otra hora en su propia página',
  move: (phone) => `También puede llamar al ${phone} para otra hora.`,
  change: (phone) => `Para cambiarla o cancelarla, llame al ${phone}.`,
  late: { label: 'Cancelar o cambiar antes de', counts: 'Cancelarla o cambiarla ahora cuenta como tarde.' },
  read: 'Léalo aquí',
  book: (phone) => `Para reservarla, llame al ${phone}.`,
  rebook: (phone) => `Para reservar otra hora, llame al ${phone}.`,
  take: (phone, by) => `Para tomarla, llame al ${phone}${by ? ` antes de ${by}` : ''}. Si no, conserva su lugar.`,
  givesUp: { label: 'Ocupa el lugar de', says: (later) => `Si la toma, deja su cita posterior del ${later}.` },
  questions: (phone) => `¿Preguntas? Llame al ${phone}.`,
  footer: (practice) => `${practice === null ? 'Le enviamos este mensaje porque usted tiene una cita con nosotros' : `${practice} envió este mensaje porque usted tiene una cita allí`} o la espera. Este buzón no se vigila para emergencias: llame al 911.`,
};

const wordings: Readonly<Record<Language, Wording>> = { en, es };

/** Subject, plain text and HTML of a mail about one or several visits. */
export function mailOf(template: VisitTemplate, facts: MessageFacts): Mail {
  const words = wordings[facts.language];
  const first = facts.visits[0];
  const phone = phoneForPeople(facts.practice.phone);
  const lines = facts.visits.map((visit) => rows(visit, words, facts.language, template));
  const pages = template === 'visit-cancelled' ? [] : facts.visits.flatMap(({ page }) => page ?? []);
  const page = template === 'visit-must-move' ? words.choose : words.page;
  const lead = [words.lead[template], ...(facts.bookedBy ? [words.bookedBy(facts.bookedBy)] : [])].join(' ');
  const next = nextOf(template, words, phone, facts);
  const text = [words.greeting(facts.givenName), '', lead, '', ...lines.flatMap((row) => [...row.map(([label, value]) => `${label}: ${value}`), '']), ...pages.flatMap((url) => [`${page}: ${url}`, '']), next, '', (facts.practice.name === null ? phone : `${facts.practice.name}, ${phone}`), '', words.footer(facts.practice.name)].join('\n');
  const table = lines.map((row) => `<table role="presentation" style="border-collapse:collapse;margin:16px 0">${row.map(([label, value]) => `<tr><th scope="row" style="text-align:left;padding:4px 16px 4px 0;vertical-align:top">${escape(label)}</th><td style="padding:4px 0">${escape(value)}</td></tr>`).join('')}</table>`).join('');
  const links = pages.map((url) => `<p><a href="${escape(url)}">${escape(page)}</a></p>`).join('');
  const html = `<!doctype html><html lang="${facts.language}"><head><meta charset="utf-8"><title>${escape(words.lead[template])}</title></head><body style="font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a;max-width:560px"><p>${escape(words.greeting(facts.givenName))}</p><p>${escape(lead)}</p>${table}${links}<p>${escape(next)}</p><p>${facts.practice.name === null ? '' : `${escape(facts.practice.name)}<br>`}${escape(phone)}</p><hr style="border:0;border-top:1px solid #ccc"><p style="font-size:13px;color:#555">${escape(words.footer(facts.practice.name))}</p></body></html>`;
  return { subject: words.subject[template](facts.practice.name, first ? timeOf(first, facts.language) : ''), text, html };
}

function nextOf(template: VisitTemplate, words: Wording, phone: string, facts: MessageFacts): string {
  switch (template) {
    case 'visit-cancelled': return words.rebook(phone);
    case 'recall-due': return words.book(phone);
    case 'education': return [...(facts.page ? [`${words.read}: ${facts.page}${facts.language === 'es' ? '?language=es' : ''}`] : []), words.questions(phone)].join(' ');
    case 'visit-must-move': return words.move(phone);
    case 'waitlist-offer': return [words.take(phone, facts.answerBy ? clockOf(facts.answerBy) : null), ...facts.visits.flatMap(({ givesUp }) => (givesUp === null ? [] : [words.givesUp.says(timeOf(givesUp, facts.language))]))].join(' ');
    case 'waitlist-offer-gone': return words.questions(phone);
    case 'booking-confirmation': case 'visit-reminder': case 'visit-moved': return words.change(phone) + (facts.visits.some(({ cancelFree }) => cancelFree === 'over') ? ` ${words.late.counts}` : '');
  }
}

/** The title of the calendar entry: no reason for the visit, and no practice that would tell it. */
export const summaryOf = (practice: string | null, language: Language): string => (practice === null ? NEUTRAL_VISIT[language] : language === 'es' ? `Cita: ${practice}` : `Visit: ${practice}`);

const CHANGEABLE: ReadonlySet<VisitTemplate> = new Set(['booking-confirmation', 'visit-reminder', 'visit-moved']);

function rows(visit: VisitFacts, { labels, late, givesUp }: Wording, language: Language, template: VisitTemplate): [string, string][] {
  const where = visit.modality === 'video' ? labels.video : visit.modality === 'phone' ? labels.phone : visit.site && `${visit.site.name}, ${addressOf(visit.site)}`;
  const place: [string, string][] = where === null ? [] : [[labels.where, where]];
  const who: [string, string][] = visit.provider === null ? [] : [[labels.who, visit.provider]];
  const rule: [string, string][] = CHANGEABLE.has(template) && typeof visit.cancelFree === 'number' ? [[late.label, timeOf({ start: visit.cancelFree, zone: visit.zone }, language)]] : [];
  const later: [string, string][] = template === 'waitlist-offer' && visit.givesUp !== null ? [[givesUp.label, timeOf(visit.givesUp, language)]] : [];
  return [[labels.when, timeOf(visit, language)], ...place, ...who, ...later, ...rule];
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
