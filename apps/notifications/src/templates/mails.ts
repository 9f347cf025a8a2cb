import type { Language } from '@slotmesh/contracts';
import { NEUTRAL_VISIT } from '@slotmesh/kernel';
import { builtIn } from './built-in';
import { frameOf } from './mail-frame';
import { renderSource } from './template-engine';
import { CHANGEABLE, type MessageTemplate } from './template-names';
import { DETAILS, LINKS, modelOf, rowsOf } from './view-model';
import { type MessageFacts, phoneForPeople } from './visit-facts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Words {
  readonly labels: { readonly when: string; readonly where: string; readonly who: string; readonly video: string; readonly phone: string; readonly late: string; readonly givesUp: string };
  readonly page: string;
  readonly choose: string;
  readonly read: string;
  readonly footer: (practice: string | null) => string;
  /** Under a mail to somebody who has no visit coming. */
  readonly footerOfPatient: (practice: string | null) => string;
  readonly unsubscribe: string;
}
const words: Readonly<Record<Language, Words>> = {
  en: {
    labels: { when: 'When', where: 'Where', who: 'With', video: 'By video', phone: 'By phone', late: 'Cancel or move by', givesUp: 'Takes the place of' },
    page: 'Confirm, move or cancel it on your own page', choose: 'Choose another time on your own page', read: 'Read it here',
    footer: (practice) => `${practice === null ? 'We sent this because you have a visit with us' : `${practice} sent this because you have a visit there`} or wait for one. This mailbox is not watched for emergencies: call 911.`,
    footerOfPatient: (practice) => `${practice === null ? 'We sent this because you are our patient' : `${practice} sent this because you are a patient there`}. This mailbox is not watched for emergencies: call 911.`,
    unsubscribe: 'No more mail like this',
  },
  es: {
    labels: { when: 'Cuándo', where: 'Dónde', who: 'Con', video: 'Por video', phone: 'Por teléfono', late: 'Cancelar o cambiar antes de', givesUp: 'Ocupa el lugar de' },
    page: 'Confírmela, cámbiela o cancélela en su propia página', choose: 'Elija otra hora en su propia página', read: 'Léalo aquí',
    footer: (practice) => `${practice === null ? 'Le enviamos este mensaje porque usted tiene una cita con nosotros' : `${practice} envió este mensaje porque usted tiene una cita allí`} o la espera. Este buzón no se vigila para emergencias: llame al 911.`,
    footerOfPatient: (practice) => `${practice === null ? 'Le enviamos este mensaje porque usted es paciente nuestro' : `${practice} envió este mensaje porque usted es paciente allí`}. Este buzón no se vigila para emergencias: llame al 911.`,
    unsubscribe: 'No recibir más correos como este',
  },
};
const LABEL_OF_PAGE: Readonly<Partial<Record<MessageTemplate, 'choose' | 'read'>>> = { 'visit-must-move': 'choose', 'no-show-note': 'choose', 'recall-due': 'choose', education: 'read' };
/** There is nothing to do on the page of what is over. */
const WITHOUT_PAGE: ReadonlySet<MessageTemplate> = new Set(['visit-cancelled', 'feedback-question']);

/** Subject, plain text and HTML of a mail about one or several visits, by the given wording or the network's. A wording is text only: both parts and their markup are made of it here. */
export function mailOf(template: MessageTemplate, facts: MessageFacts, own: { readonly source: string; readonly subject: string | null } | null = null): Mail {
  const { source, subject } = own ?? builtIn(template, facts.language, 'email')!;
  const said = words[facts.language];
  const model = modelOf(template, facts, 'email');
  const tables = facts.visits.map((visit) => rowsOf(template, visit, facts, said.labels, CHANGEABLE));
  const label = said[LABEL_OF_PAGE[template] ?? 'page'];
  const pages = WITHOUT_PAGE.has(template) ? [] : facts.visits.flatMap(({ page }) => page ?? []);
  const blocks = renderSource(source, model).split(/\n[ \t]*\n/).map((block) => block.trim());
  const phone = phoneForPeople(facts.practice.phone);
  const footer = (template === 'recall-due' ? said.footerOfPatient : said.footer)(facts.practice.name);
  const unsubscribe = facts.unsubscribe ?? null;

  const inText = blocks.flatMap((block) => (block === DETAILS ? tables.map((rows) => rows.map(([name, value]) => `${name}: ${value}`).join('\n')) : block === LINKS ? pages.map((url) => `${label}: ${url}`) : [withoutMarks(block)]));
  const text = [...inText, facts.practice.name === null ? phone : `${facts.practice.name}, ${phone}`, footer, ...(unsubscribe === null ? [] : [`${said.unsubscribe}: ${unsubscribe}`])].filter((part) => part !== '').join('\n\n');
  const inHtml = blocks.flatMap((block) => (block === DETAILS ? tables.map(tableOf) : block === LINKS ? pages.map((url) => `<p class="page"><a href="${escape(url)}">${escape(label)}</a></p>`) : withoutMarks(block) === '' ? [] : [`<p>${lines(withoutMarks(block))}</p>`]));
  const signature = `<p>${facts.practice.name === null ? '' : `${escape(facts.practice.name)}<br>`}${escape(phone)}</p>`;
  const title = withoutMarks(renderSource(subject ?? '', model)).replace(/\s+/g, ' ').trim();
  const html = frameOf({ language: facts.language, title: escape(title), content: [...inHtml, signature].join('\n'), footer: `<p>${escape(footer)}</p>${unsubscribe === null ? '' : `\n<p><a href="${escape(unsubscribe)}">${escape(said.unsubscribe)}</a></p>`}` });
  return { subject: title, text, html };
}

/** The title of the calendar entry: no reason for the visit, and no practice that would tell it. */
export const summaryOf = (practice: string | null, language: Language): string => (practice === null ? NEUTRAL_VISIT[language] : language === 'es' ? `Cita: ${practice}` : `Visit: ${practice}`);

const withoutMarks = (block: string): string => block.replaceAll(DETAILS, '').replaceAll(LINKS, '').trim();
const tableOf = (rows: readonly [string, string][]): string => `<table>${rows.map(([label, value]) => `<tr><th scope="row">${escape(label)}</th><td>${escape(value)}</td></tr>`).join('\n')}</table>`;
const lines = (block: string): string => escape(block).replaceAll('\n', '<br>\n');
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
