import type { Language } from '@slotmesh/contracts';
import { html } from '@slotmesh/platform';
import { frame, phoneLink } from '../../patient-page/pages/frame';
import type { PresentSlot } from '../persistence/publication.repository';

/** What the page that sent the reader here wants to be told apart by. */
export interface Referral {
  readonly source?: string | undefined;
  readonly 'booking-referral'?: string | undefined;
}
const words = {
  en: { title: 'Book this time', gone: 'This time is no longer free', when: 'When', where: 'Where', call: 'Call to book. Please name this time.', other: 'Call and ask for another time.', unknown: 'Look for another time where you found this one.', reference: 'Please name this reference, too', through: 'of' },
  es: { title: 'Reserve esta hora', gone: 'Esta hora ya no está libre', when: 'Cuándo', where: 'Dónde', call: 'Llame para reservar. Por favor, mencione esta hora.', other: 'Llame y pregunte por otra hora.', unknown: 'Busque otra hora en el lugar donde encontró esta.', reference: 'Por favor, mencione también esta referencia', through: 'de' },
} as const satisfies Record<Language, unknown>;

/** How to book a published time. It says nothing about anybody, keeps what it was called with in its links, and changes nothing. */
export function bookingPage(slot: PresentSlot | null, at: { readonly id: string; readonly language: Language; readonly referral: Referral }): string {
  const say = words[at.language];
  const kept = new URLSearchParams(Object.entries(at.referral).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const here = `/smart-scheduling/book/${encodeURIComponent(at.id)}${kept.size > 0 ? `?${kept}` : ''}`;
  const title = slot?.free ? say.title : say.gone;
  if (slot === null) return frame({ language: at.language, here, title, practice: null }, html`<p>${say.unknown}</p>`);
  const when = new Intl.DateTimeFormat(at.language === 'es' ? 'es-US' : 'en-US', { timeZone: slot.zone, dateStyle: 'full', timeStyle: 'short' }).format(slot.startsAt);
  const { line, city, state, postalCode } = slot.address;
  const { source, 'booking-referral': reference } = at.referral;
  return frame({ language: at.language, here, title, practice: slot.practice }, html`<p>${slot.service[at.language]}</p>
<dl><dt>${say.when}</dt><dd>${when}</dd><dt>${say.where}</dt><dd>${slot.site}<br>${line}<br>${city}, ${state} ${postalCode}</dd></dl>
<p>${slot.free ? say.call : say.other} ${phoneLink(slot.phone)}</p>
${reference === undefined || !slot.free ? '' : html`<p>${say.reference}: ${reference}${source === undefined ? '' : ` (${say.through} ${source})`}</p>`}`);
}
