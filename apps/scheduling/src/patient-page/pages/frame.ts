import type { Language } from '@slotmesh/contracts';
import { Html, html } from '@slotmesh/platform';
import parsePhoneNumber from 'libphonenumber-js';
import { wordsOf } from './words';

/** What every page has around it. */
export interface Frame {
  readonly language: Language;
  /** The page that the language switch opens: always one that a GET may show. */
  readonly here: string;
  readonly title: string;
  /** Null: not even this may be said. */
  readonly practice: string | null;
  /** Titles stay in the history of a browser: this one does not name the practice. */
  readonly isDiscreet?: boolean;
  readonly hasError?: boolean;
}

const OTHER: Readonly<Record<Language, Language>> = { en: 'es', es: 'en' };

export function frame({ language, here, title, practice, isDiscreet = false, hasError = false }: Frame, body: Html): string {
  const words = wordsOf[language];
  const other = OTHER[language];
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow"><title>${hasError ? `${words.error}: ` : ''}${title}${practice === null || isDiscreet ? '' : ` · ${practice}`}</title><link rel="stylesheet" href="/a/page.css"></head>
<body><header><p>${practice ?? ''}</p><nav aria-label="Language / Idioma"><a href="${withLanguage(here, other)}" lang="${other}" hreflang="${other}">${wordsOf[other].language}</a></nav></header>
<main><h1>${title}</h1>
${body}</main>
<footer><p>${words.emergency}</p></footer></body></html>`.text;
}

export const withLanguage = (path: string, language: Language): string => `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;

/** `(617) 555-0123` to read, the whole number to call. */
export const phoneLink = (phone: string): Html => html`<a class="phone" href="tel:${phone}">${parsePhoneNumber(phone)?.formatNational() ?? phone}</a>`;

/** A form that carries what every form carries. `main` is the button of the page, `off` takes something away. */
export function form(at: { readonly action: string; readonly language: Language; readonly formToken: string }, fields: Readonly<Record<string, string | number>>, button: { readonly text: string; readonly kind: 'main' | 'off'; readonly describedBy?: string }): Html {
  return html`<form method="post" action="${withLanguage(at.action, at.language)}">${hidden({ form: at.formToken, ...fields })}<button class="${button.kind}"${button.describedBy === undefined ? '' : html` aria-describedby="${button.describedBy}"`}>${button.text}</button></form>`;
}

export const hidden = (fields: Readonly<Record<string, string | number>>): Html[] => Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
