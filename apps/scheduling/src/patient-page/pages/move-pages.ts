import { describeDate, describeTime, localDateOf } from '@slotmesh/kernel';
import { type Html, html } from '@slotmesh/platform';
import type { OtherTime } from '../queries/find-other-times';
import type { ReadableVisit } from '../queries/read-visit';
import { form, frame, hidden, phoneLink, withLanguage } from './frame';
import { type PageFacts, lateRule, timeItem, timeOf } from './visit-page';
import { wordsOf } from './words';

/** The times to which the visit can go, by day. `isTaken`: the one that was chosen is gone, so these are fresh ones. */
export function timesPage(at: PageFacts, visit: ReadableVisit, { times, more, isTaken }: { readonly times: readonly OtherTime[]; readonly more: boolean; readonly isTaken: boolean }): string {
  const words = wordsOf[at.language];
  const here = `/a/${at.token}/move`;
  const last = times.at(-1);
  const days = new Map<string, Html[]>();
  for (const time of times) {
    const day = describeDate(time.start, time.zone, at.language);
    days.set(day, [...(days.get(day) ?? []), timeItem(at, time)]);
  }
  return frame({ language: at.language, here, title: words.move.title, practice: visit.place.practice, isDiscreet: visit.place.siteSensitive, hasError: isTaken }, html`${isTaken ? html`<div class="box error" role="alert"><p>${words.move.taken}</p></div>` : html`<p>${words.move.lead}</p>`}
${days.size === 0 ? html`<p>${words.move.none} ${phoneLink(visit.place.phone)}</p>` : [...days].map(([day, items]) => html`<h2>${day}</h2><ul class="times">${items}</ul>`)}
${more && last ? html`<a class="button" href="${withLanguage(`${here}?after=${last.opening}`, at.language)}">${words.move.later}</a>` : ''}
<form method="get" action="${here}">${hidden({ lang: at.language })}<label for="from">${words.move.day}</label><input id="from" name="from" type="date" min="${localDateOf(visit.now, visit.appointment.zone)}"><button>${words.move.show}</button></form>
<a class="button" href="${withLanguage(`/a/${at.token}`, at.language)}">${words.keep}</a>`);
}

/** Asks once more before the visit moves. */
export function sureMovePage(at: PageFacts, visit: ReadableVisit, time: OtherTime): string {
  const words = wordsOf[at.language];
  const here = `/a/${at.token}/move/${time.opening}`;
  return frame({ language: at.language, here, title: words.move.sure, practice: visit.place.practice, isDiscreet: visit.place.siteSensitive }, html`<dl><dt>${words.move.from}</dt><dd>${timeOf(visit, at.language)}</dd>
<dt>${words.move.to}</dt><dd><strong>${describeDate(time.start, time.zone, at.language)}</strong>${describeTime(time.start, time.zone, at.language, 'long')}, ${words.move.provider} ${time.provider}, ${time.site}</dd></dl>
${lateRule(visit, at.language)}
${form({ ...at, action: `/a/${at.token}/move` }, { revision: visit.appointment.revision, opening: time.opening }, { text: words.move.yes, kind: 'main' })}
<a class="button" href="${withLanguage(`/a/${at.token}/move`, at.language)}">${words.otherTimes}</a>
<a class="button" href="${withLanguage(`/a/${at.token}`, at.language)}">${words.keep}</a>`);
}
