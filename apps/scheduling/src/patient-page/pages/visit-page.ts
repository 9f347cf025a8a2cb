import type { Language } from '@slotmesh/contracts';
import { describeDate, describeTime } from '@slotmesh/kernel';
import { type Html, html } from '@slotmesh/platform';
import type { OfferNotice } from '../domain/offer-notice';
import { offerDone } from '../domain/offer-notice';
import type { OtherTime } from '../queries/find-other-times';
import type { PageVisit, ReadableVisit } from '../queries/read-visit';
import { form, frame, phoneLink, withLanguage } from './frame';
import { offersPart } from './offers-part';
import { type StatusWord, type Words, wordsOf } from './words';

/** Where a page of an open visit stands. */
export interface PageFacts {
  readonly token: string;
  readonly language: Language;
  readonly formToken: string;
}
export type VisitNotice = 'stale' | 'moved' | OfferNotice;
const DONE: ReadonlySet<VisitNotice> = new Set(['moved', ...offerDone]);

/** The visit with everything that may be said about it, and what may be done. `proposed`: times for one that cannot take place as it stands. */
export function visitPage(at: PageFacts, visit: PageVisit, notice: VisitNotice | null, proposed: readonly OtherTime[] = []): string {
  const words = wordsOf[at.language];
  const { place, appointment, actions } = visit;
  const status = statusOf(visit);
  const isTrouble = notice !== null && !DONE.has(notice);
  const here = `/a/${at.token}`;
  const { modality } = appointment;
  const isOpen = status !== 'cancelled' && status !== 'begun';
  const mustMove = visit.mustMove && isOpen;
  const where = modality === 'video' ? words.visit.byVideo : modality === 'phone' ? words.visit.byPhone : html`<strong>${place.site}</strong>${addressOf(visit)}`;
  return frame({ language: at.language, here, title: words.visit.title(visit.representative === null), practice: place.practice, isDiscreet: place.siteSensitive, hasError: isTrouble }, html`${notice === null ? '' : html`<div class="box${isTrouble ? ' error' : ''}" role="${isTrouble ? 'alert' : 'status'}"><p>${notice === 'stale' || notice === 'moved' ? words.visit[notice] : words.offers.notices[notice]}</p></div>`}
${mustMove ? mustMovePart(at, proposed, words) : ''}${offersPart(at, visit)}${visit.offers.length > 0 ? html`<h2>${words.offers.besides}</h2>` : ''}
<dl><dt>${words.visit.statusLabel}</dt><dd>${mustMove ? words.mustMove.status : words.visit.status[status]}</dd>
<dt>${words.visit.when}</dt><dd>${timeOf(visit, at.language)}</dd>
<dt>${words.visit.where}</dt><dd>${where}</dd>
<dt>${words.visit.who}</dt><dd>${place.provider}</dd>
<dt>${words.visit.phone}</dt><dd>${phoneLink(place.phone)}</dd></dl>
${isOpen ? links(at, visit, words) : ''}
${isOpen && place.preparation !== null ? html`<h2>${words.visit.preparation}</h2><p>${place.preparation[at.language]}</p>` : ''}
${actions.length > 0 ? html`<h2>${words.visit.change}</h2>${actions.some((action) => action !== 'confirm') ? lateRule(visit, at.language) : ''}${actions.map((action) => actionOf(at, visit, action, words))}${visit.callToMove ? html`<p>${words.visit.callToMove}</p>` : ''}` : isOpen ? html`<p>${words.visit.callToChange}</p>` : ''}`);
}

function mustMovePart(at: PageFacts, proposed: readonly OtherTime[], words: Words): Html {
  const items = proposed.map((time) => timeItem(at, time, `${describeDate(time.start, time.zone, at.language)}, `));
  return html`<div class="box" role="status"><p>${words.mustMove.lead}</p></div>
${items.length > 0 ? html`<h2>${words.mustMove.proposed}</h2><ul class="times">${items}</ul>` : ''}`;
}

/** A time to which the visit could move. `date`: where the times around it do not share one. */
export function timeItem(at: PageFacts, { opening, start, zone, provider, site }: OtherTime, date = ''): Html {
  const words = wordsOf[at.language].move;
  return html`<li><a href="${withLanguage(`/a/${at.token}/move/${opening}`, at.language)}">${date}${describeTime(start, zone, at.language, 'short')} <span>${words.provider} ${provider}, ${site}</span></a></li>`;
}

function links(at: PageFacts, visit: ReadableVisit, words: Words): Html {
  const map = `https://www.openstreetmap.org/search?${new URLSearchParams({ query: addressOf(visit) }).toString()}`;
  return html`<p class="links"><a href="${withLanguage(`/a/${at.token}/visit.ics`, at.language)}">${words.visit.calendar}</a>${visit.appointment.modality === 'in-person' ? html`<br><a href="${map}" rel="noreferrer">${words.visit.directions}</a>` : ''}</p>`;
}

function actionOf(at: PageFacts, visit: ReadableVisit, action: ReadableVisit['actions'][number], words: Words): Html {
  const path = `/a/${at.token}/${action}`;
  if (action === 'confirm') return form({ ...at, action: path }, { revision: visit.appointment.revision }, { text: words.actions.confirm, kind: 'main' });
  return html`<a class="button" href="${withLanguage(path, at.language)}">${words.actions[action]}</a>`;
}

function statusOf({ appointment, now }: ReadableVisit): StatusWord {
  const { status, participation, start } = appointment;
  if (status === 'cancelled') return 'cancelled';
  if (now >= start) return 'begun';
  if (status === 'booked') return participation === 'accepted' ? 'confirmed' : 'to-confirm';
  return status === 'pending' || status === 'proposed' || status === 'waitlist' ? 'asked' : 'begun';
}

/** Until when it may be called off or moved without a mark, or that this is over; nothing where the host has no such rule, or has to move it itself. */
export function lateRule({ appointment: { cancelFreeUntil: until, status, zone }, now, mustMove }: ReadableVisit, language: Language): Html | '' {
  const { late } = wordsOf[language];
  if (until === null || mustMove || status === 'pending') return '';
  return html`<p>${now > until ? late.counts : late.free(`${describeDate(until, zone, language)}, ${describeTime(until, zone, language, 'long')}`)}</p>`;
}

/** Date, time and zone, each written out. */
export const timeOf = ({ appointment: { start, zone } }: ReadableVisit, language: Language): Html =>
  html`<strong>${describeDate(start, zone, language)}</strong>${describeTime(start, zone, language, 'long')}`;

export const addressOf = ({ place: { address } }: Pick<ReadableVisit, 'place'>): string => addressText(address);
export const addressText = (address: ReadableVisit['place']['address']): string => `${address.line}, ${address.city}, ${address.state} ${address.postalCode}`;
