import type { Language } from '@slotmesh/contracts';
import { LiquidError } from 'liquidjs';
import { segmentsOf, toGsm7 } from '../gsm7';
import { invisibleIn } from '../invisible-characters';
import { mailOf } from '../mails';
import { renderSource, variablesOf } from '../template-engine';
import { type TemplateName, isMessageTemplate } from '../template-names';
import { textOf } from '../texts';
import { VARIABLES, VISIT_VARIABLES, modelOf } from '../view-model';
import { type MessageFacts, phoneForPeople } from '../visit-facts';
import { readingLevelOf } from './reading-level';
import { reasonsIn } from './reasons-for-visit';
import { longestFacts, samplesOf, togetherFacts, usualFacts } from './sample-facts';

export interface Draft {
  readonly name: TemplateName;
  readonly language: Language;
  readonly channel: 'sms' | 'email';
  readonly source: string;
  readonly subject: string | null;
}
export interface Finding {
  readonly severity: 'refuse' | 'warn';
  readonly code: string;
  /** Of the field: `/source` or `/subject`. */
  readonly pointer: string;
  /** A sentence for the person who wrote it. */
  readonly detail: string;
}

/** Two segments go through everywhere and are told nobody; three are a warning; more are refused: each costs, and a part that comes late makes the text unreadable. */
const SEGMENTS_WITHOUT_WORD = 2;
const MOST_SEGMENTS = 3;
/** 47 CFR 64.1200(a)(9)(iv)(C): concise, generally 160 characters or less. */
const CONCISE = 160;
const LONGEST_SUBJECT = 78;
const LONGEST_MAIL = 2_000;
const CODE = '7KQ2M';

/** All that is wrong with a wording, at once. Pure. */
export function lint(draft: Draft): Finding[] {
  const broken = fieldsOf(draft).flatMap(([pointer, text]) => syntax(pointer, text));
  const written = fieldsOf(draft).flatMap(([pointer, text]) => [...characters(pointer, text, draft), ...content(pointer, text)]);
  // Why only then: what cannot be read, or names what does not exist, says nothing.
  return [...broken, ...written, ...(broken.length === 0 ? rendered(draft) : [])];
}

const fieldsOf = ({ source, subject }: Draft): [string, string][] => [['/source', source], ...(subject === null ? [] : [['/subject', subject] satisfies [string, string]])];
const finding = (severity: Finding['severity'], code: string, pointer: string, detail: string): Finding => ({ severity, code, pointer, detail });

/** Why refused: only the visits are few for certain. */
const COUNTED_LOOP = /\{%-?\s*for\b[^%]*\.\./;

function syntax(pointer: string, text: string): Finding[] {
  if (COUNTED_LOOP.test(text)) return [finding('refuse', 'syntax', pointer, 'Loops go over the visits only: {% for visit in visits %} ... {% endfor %}.')];
  try {
    return variablesOf(text).filter((variable) => !isKnown(variable.path, variable.local)).map(({ path, line }) => finding('refuse', 'unknown-variable', pointer, `Line ${line} names ${path}, which does not exist. There are: ${KNOWN.join(', ')}; and in a loop "for visit in visits": ${Object.keys(VISIT_VARIABLES).map((name) => `visit.${name}`).join(', ')}.`));
  } catch (error) {
    if (!(error instanceof LiquidError)) throw error;
    return [finding('refuse', 'syntax', pointer, `It cannot be read: ${error.message.split('\n')[0]}. Conditions are written {% if patient.name %} ... {% endif %}, values {{ patient.name }}; the only filter is capital.`)];
  }
}

const KNOWN = Object.entries(VARIABLES).flatMap(([name, about]) => (typeof about === 'string' ? [name] : Object.keys(about).map((part) => `${name}.${part}`)));
const GLOBAL = new Set([...KNOWN, 'visits.size']);
const LOCAL = new Set([...Object.keys(VISIT_VARIABLES).map((name) => `visit.${name}`), 'forloop.first', 'forloop.last', 'forloop.index']);
const isKnown = (path: string, local: boolean): boolean => (local ? LOCAL.has(path) : GLOBAL.has(path));

function characters(pointer: string, text: string, { channel }: Draft): Finding[] {
  const invisible = invisibleIn(text);
  const lost = channel === 'sms' ? [...new Set([...text].filter((character) => toGsm7(character) === '' && invisibleIn(character).length === 0))] : [];
  const emoji = [...new Set(text.match(/\p{Extended_Pictographic}/gu) ?? [])].filter((character) => !/[©®™]/.test(character));
  return [
    ...(invisible.length === 0 ? [] : [finding('warn', 'invisible-characters', pointer, `It holds characters that nobody sees (${invisible.join(', ')}); in a text one of them more than doubles the price. They are replaced when it is sent: take them out.`)]),
    ...(emoji.length === 0 ? [] : [finding('refuse', 'emoji', pointer, `Leave out ${emoji.join(' ')}: pictures are not read by every phone and make a text UCS-2.`)]),
    ...(lost.filter((character) => !emoji.includes(character)).length === 0 ? [] : [finding('refuse', 'characters', pointer, `Texts are sent in the GSM-7 alphabet, which has nothing like ${lost.join(' ')}. Write it in other letters.`)]),
  ];
}

function content(pointer: string, text: string): Finding[] {
  const reasons = reasonsIn(text);
  const links = [...new Set(text.match(/(?:https?:\/\/|www\.)[^\s{}]+|(?<![\p{L}\p{N}@.])[\p{L}\p{N}-]+\.(?:com|org|net|us|io|co|ly|health|care|clinic|example|gov|edu|info|link|me)\b(?:\/[^\s{}]*)?/giu) ?? [])];
  return [
    ...(reasons.length === 0 ? [] : [finding('refuse', 'reason-for-visit', pointer, `It may tell why the patient comes (${reasons.join(', ')}). Say when and where only; the rest belongs on the patient's own page.`)]),
    ...(links.length === 0 ? [] : [finding('refuse', 'link', pointer, `The only link is {{ page }}: ${links.join(', ')} would teach patients to follow any, and carriers drop such texts.`)]),
  ];
}

function rendered(draft: Draft): Finding[] {
  const { name, language, channel, source } = draft;
  const findings: Finding[] = [];
  const samples = samplesOf(language).filter(({ visits }) => visits.length > 0 || name === 'recall-due' || !isMessageTemplate(name));
  try {
    const said = samples.map((facts) => ({ facts, text: sayOf(draft, facts) }));
    if (channel === 'sms') findings.push(...ofText(draft, said));
    if (channel === 'email') findings.push(...ofMail(draft));
  } catch (error) {
    if (!(error instanceof LiquidError)) throw error;
    return [finding('refuse', 'does-not-render', '/source', `With sample values it cannot be written: ${error.message.split('\n')[0]}.`)];
  }
  const level = readingLevelOf(renderSource(source, modelOf(name, { ...usualFacts(language), givenName: 'Ana', practice: { name: 'Ana', phone: '' }, visits: [] }, channel)), language);
  if (!level.easy) findings.push(finding('warn', 'reading-level', '/source', `It is hard to read (${level.measure === 'flesch-kincaid-grade' ? `grade ${level.value} by Flesch-Kincaid; up to 8 is good` : `${level.value} by Fernandez Huerta; from 60 on is good`}). Use shorter words and sentences.`));
  return findings;
}

const sayOf = ({ name, channel, source, subject }: Draft, facts: MessageFacts): string => {
  if (channel === 'sms') return textOf(name, facts, CODE, { source });
  if (!isMessageTemplate(name)) return '';
  const mail = mailOf(name, facts, { source, subject });
  return `${mail.subject}\n${mail.text}`;
};

function ofText({ name, language, source }: Draft, said: readonly { readonly facts: MessageFacts; readonly text: string }[]): Finding[] {
  const found: Finding[] = [];
  const { segments, ucs2 } = segmentsAtWorst(name, language, source);
  if (segments > SEGMENTS_WITHOUT_WORD) found.push(finding(segments > MOST_SEGMENTS ? 'refuse' : 'warn', 'segments', '/source', `With long names it takes ${segments} segments in GSM-7, as it is sent (${ucs2} if it were UCS-2): ${segments > MOST_SEGMENTS ? `at most ${MOST_SEGMENTS} are sent` : `${SEGMENTS_WITHOUT_WORD} are better`}. Make it shorter.`));
  const together = name === 'visit-reminder' ? segmentsOf(textOf(name, togetherFacts(language), CODE, { source })).segments : 0;
  if (together > MOST_SEGMENTS) found.push(finding('warn', 'segments-together', '/source', `Where three children of one parent come on one day, their reminders leave as one text, which takes ${together} segments: ${MOST_SEGMENTS} are better. Say less of each visit in {% for visit in visits %}.`));
  const usual = textOf(name, usualFacts(language), CODE, { source });
  if (isMessageTemplate(name) && usual.length > CONCISE) found.push(finding('warn', 'length', '/source', `An everyday text has ${usual.length} characters; free messages about care should be concise, about ${CONCISE} (47 CFR 64.1200(a)(9)(iv)).`));
  if (said.some(({ facts, text }) => facts.practice.name !== null && !text.includes(toGsm7(facts.practice.name)))) found.push(finding('refuse', 'practice-name', '/source', 'It must name the practice always: {% if practice.name %}{{ practice.name }}: {% endif %} at its beginning (47 CFR 64.1200(a)(9)(iv)).'));
  if (name !== 'start-confirmation' && said.some(({ facts, text }) => !text.includes(phoneForPeople(facts.practice.phone)))) found.push(finding('refuse', 'practice-phone', '/source', 'It must name a phone always: {{ practice.phone }} (47 CFR 64.1200(a)(9)(iv)).'));
  if ((isMessageTemplate(name) || name === 'help' || name === 'start-confirmation') && said.some(({ text }) => !/\bSTOP\b/.test(text))) found.push(finding('refuse', 'stop', '/source', 'It must say always how to end texts, with the word STOP: any of them may be the first that a patient gets.'));
  return found;
}

function ofMail({ name, language, subject, source }: Draft): Finding[] {
  if (!isMessageTemplate(name)) return [finding('refuse', 'no-mail', '/name', 'This one answers a text and goes by text only.')];
  if (subject === null || subject.trim() === '') return [finding('refuse', 'subject', '/subject', 'A mail needs a subject.')];
  const mail = mailOf(name, longestFacts(language), { source, subject });
  const usual = mailOf(name, usualFacts(language), { source, subject });
  return [
    ...(usual.subject.length > LONGEST_SUBJECT ? [finding('warn', 'length', '/subject', `An everyday subject has ${usual.subject.length} characters; ${LONGEST_SUBJECT} are shown at most.`)] : []),
    ...(mail.text.length > LONGEST_MAIL ? [finding('warn', 'length', '/source', `The mail has ${mail.text.length} characters; up to ${LONGEST_MAIL} are read.`)] : []),
  ];
}

/** Segments that the longest message of a wording takes, as it is sent and as it would be with its accents. */
export function segmentsAtWorst(name: TemplateName, language: Language, source: string): { readonly segments: number; readonly ucs2: number } {
  const facts = longestFacts(language);
  const each = [facts, ...samplesOf(language)].filter(({ visits }) => visits.length <= 1);
  const sent = each.map((one) => segmentsOf(textOf(name, one, CODE, { source })).segments);
  const accented = each.map((one) => segmentsOf(`${renderSource(source, modelOf(name, one, 'sms'))} Ref ${CODE}\u00e1`).segments);
  return { segments: Math.max(...sent), ucs2: Math.max(...accented) };
}
