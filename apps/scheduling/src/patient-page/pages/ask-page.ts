import type { Language } from '@slotmesh/contracts';
import { type Html, html } from '@slotmesh/platform';
import type { BirthDateField, BirthDateFields } from '../domain/birth-date';
import { frame, hidden, phoneLink, withLanguage } from './frame';
import { type Words, wordsOf } from './words';

export interface AskFacts {
  readonly token: string;
  readonly language: Language;
  readonly formToken: string;
  /** Null: the place tells why somebody comes, and whoever holds the link is not known yet. */
  readonly practice: string | null;
  readonly phone: string;
  /** The patient's own link. */
  readonly own: boolean;
  readonly given?: BirthDateFields;
  readonly trouble?: 'wrong' | 'locked' | readonly BirthDateField[];
}

const FIELDS = [['month', 'bday-month', 2], ['day', 'bday-day', 2], ['year', 'bday-year', 4]] as const satisfies readonly (readonly [BirthDateField, string, number])[];

/** Asks for the birth date, and says no more than from whom the link is. */
export function askPage(facts: AskFacts): string {
  const words = wordsOf[facts.language];
  const wrong = troubles(facts, words.ask);
  const invalid = new Set(typeof facts.trouble === 'object' ? facts.trouble : facts.trouble === 'wrong' ? FIELDS.map(([name]) => name) : []);
  const inputs = FIELDS.map(([name, autocomplete, length]) => html`<div><label for="${name}">${words.ask.fields[name]}</label><input id="${name}" name="${name}" inputmode="numeric" autocomplete="${facts.own ? autocomplete : 'off'}" maxlength="${length}" value="${facts.given?.[name] ?? ''}" aria-describedby="hint${invalid.has(name) ? ' trouble' : ''}"${invalid.has(name) ? html` aria-invalid="true"` : ''} required></div>`);
  const here = `/a/${facts.token}`;
  return frame({ language: facts.language, here, title: words.ask.title, practice: facts.practice, hasError: wrong.length > 0 }, html`${wrong.length > 0 ? summary(wrong, words) : ''}
<p>${words.ask.lead(facts.practice, facts.own)}</p>
<form method="post" action="${withLanguage(`${here}/open`, facts.language)}" novalidate>${hidden({ form: facts.formToken })}
<fieldset><legend>${words.ask.legend(facts.own)}</legend><p class="hint" id="hint">${words.ask.hint}</p>${wrong.length > 0 ? html`<p class="wrong" id="trouble">${wrong.map(([, text]) => text).join(' ')}</p>` : ''}<div class="date">${inputs}</div></fieldset>
<button class="main">${words.ask.open}</button></form>
<p>${words.callPractice(facts.practice)} ${phoneLink(facts.phone)}</p>`);
}

/** The field to go to, and what is wrong there. */
function troubles({ trouble }: AskFacts, words: Words['ask']): readonly (readonly [BirthDateField, string])[] {
  if (trouble === undefined) return [];
  return typeof trouble === 'string' ? [['month', words[trouble]]] : trouble.map((field) => [field, words.wrongFields[field]]);
}

const summary = (wrong: readonly (readonly [BirthDateField, string])[], words: Words): Html =>
  html`<div class="box error" role="alert" aria-labelledby="summary" tabindex="-1"><h2 id="summary">${words.ask.summary}</h2><ul>${wrong.map(([field, text]) => html`<li><a href="#${field}">${text}</a></li>`)}</ul></div>`;
