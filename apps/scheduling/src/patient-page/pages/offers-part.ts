import { describeDate, describeTime, parseZone } from '@slotmesh/kernel';
import { type Html, html } from '@slotmesh/platform';
import type { PageVisit } from '../queries/read-visit';
import { form } from './frame';
import { addressText } from './visit-page';
import type { PageFacts } from './visit-page';
import { wordsOf } from './words';

/** The times that came free for the patient, each with what a yes would do, and the two answers where the reader may give them. */
export function offersPart(at: PageFacts, { offers, patient, rights, representative }: PageVisit): Html | '' {
  if (offers.length === 0) return '';
  const { offers: words, visit } = wordsOf[at.language];
  const timeIn = (start: (typeof offers)[number]['start'], zone: (typeof offers)[number]['zone']): string => `${describeDate(start, zone, at.language)}, ${describeTime(start, zone, at.language, 'long')}`;
  const items = offers.map((offer, index) => {
    const id = `offer-${index + 1}`;
    const where = offer.modality === 'video' ? visit.byVideo : offer.modality === 'phone' ? visit.byPhone : `${offer.practice}, ${offer.site}, ${addressText(offer.address)}`;
    const answer = (what: 'accept' | 'decline', text: string, kind: 'main' | 'off'): Html => form({ ...at, action: `/a/${at.token}/offers/${offer.id}/${what}` }, what === 'accept' ? { revision: offer.replaces?.revision ?? 0 } : {}, { text, kind, describedBy: id });
    return html`<section class="box" aria-labelledby="${id}"><h3 id="${id}">${timeIn(offer.start, offer.zone)}</h3><dl><dt>${words.service}</dt><dd>${offer.service[at.language]}</dd><dt>${visit.where}</dt><dd>${where}</dd><dt>${visit.who}</dt><dd>${offer.provider}</dd><dt>${words.heldUntil}</dt><dd>${timeIn(offer.expiresAt, parseZone(patient.zone))}</dd></dl>
${offer.replaces === null ? '' : html`<p><strong>${words.givesUp(timeIn(offer.replaces.start, offer.replaces.zone))}</strong></p>`}
${rights.has('confirm') ? [answer('accept', words.yes, 'main'), answer('decline', words.no, 'off')] : html`<p>${visit.callToChange}</p>`}</section>`;
  });
  return html`<h2>${words.title(representative === null)}</h2><p>${words.lead}</p>${items}`;
}
