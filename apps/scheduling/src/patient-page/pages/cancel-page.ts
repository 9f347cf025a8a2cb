import { html } from '@slotmesh/platform';
import type { ReadableVisit } from '../queries/read-visit';
import { form, frame, withLanguage } from './frame';
import { type PageFacts, lateRule, timeOf } from './visit-page';
import { wordsOf } from './words';

/** Asks once more before the visit is called off. */
export function sureCancelPage(at: PageFacts, visit: ReadableVisit): string {
  const words = wordsOf[at.language];
  const here = `/a/${at.token}/cancel`;
  return frame({ language: at.language, here, title: words.cancel.sure, practice: visit.place.practice, isDiscreet: visit.place.siteSensitive }, html`<dl><dt>${words.visit.when}</dt><dd>${timeOf(visit, at.language)}</dd><dt>${words.visit.who}</dt><dd>${visit.place.provider}</dd></dl>
<p>${words.cancel.lead}</p>
${lateRule(visit, at.language)}
${form({ ...at, action: here }, { revision: visit.appointment.revision }, { text: words.cancel.yes, kind: 'off' })}
<a class="button" href="${withLanguage(`/a/${at.token}`, at.language)}">${words.keep}</a>`);
}
