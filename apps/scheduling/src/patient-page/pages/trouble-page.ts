import type { Language } from '@slotmesh/contracts';
import { html } from '@slotmesh/platform';
import { frame, phoneLink, withLanguage } from './frame';
import { type TroubleWord, wordsOf } from './words';

/** Says what went wrong and what to do. `practice` only where the reader held a link of its patient. */
export function troublePage(kind: TroubleWord, at: { readonly language: Language; readonly token: string; readonly practice: { readonly name: string | null; readonly phone: string } | null }): string {
  const words = wordsOf[at.language];
  const { title, text } = words.trouble[kind];
  const here = `/a/${at.token}`;
  const isOver = kind === 'unknown' || kind === 'ended';
  return frame({ language: at.language, here, title, practice: at.practice?.name ?? null }, html`<p>${text}</p>
${at.practice === null ? (kind === 'unknown' ? html`<p>${words.callSender}</p>` : '') : html`<p>${words.callPractice(at.practice.name)} ${phoneLink(at.practice.phone)}</p>`}
${isOver ? '' : html`<a class="button" href="${withLanguage(here, at.language)}">${words.back}</a>`}`);
}
