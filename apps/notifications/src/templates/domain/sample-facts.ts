import { type Language } from '@slotmesh/contracts';
import { HOUR, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import type { MessageFacts, Site, VisitFacts } from '../visit-facts';

const site: Site = { name: 'Boston Clinic', phone: '+16175550100', line: '1 Main St', city: 'Boston', state: 'MA', postalCode: '02110' };
const longSite: Site = { ...site, name: 'Springfield North Campus', city: 'West Springfield' };
const visit: VisitFacts = { who: null, start: parseInstant('2026-11-25T14:30:00Z'), end: parseInstant('2026-11-25T15:00:00Z'), zone: parseZone('America/New_York'), cancelled: false, modality: 'in-person', provider: 'Dr. Ana Rivera', cancelFree: null, givesUp: null, page: null, site };
/** As long as links to the page are, under a short address. */
const page = `https://slotmesh.example/a/${'Ab1_-'.repeat(15)}`;
const anchorage = parseZone('America/Anchorage');
const longVisit: VisitFacts = { ...visit, start: parseInstant('2026-09-23T16:30:00Z'), zone: anchorage, site: longSite, cancelFree: parseInstant('2026-09-22T16:30:00Z'), givesUp: { start: parseInstant('2026-12-08T16:30:00Z'), zone: parseZone('America/Denver') }, page };

/** An everyday message. */
export const usualFacts = (language: Language): MessageFacts => ({ language, practice: { name: 'Harbor Family Medicine', phone: '+16175550100' }, bookedBy: null, givenName: 'Maria', visits: [visit], answerBy: null });

/** The longest names, places and zones that are likely, and all that can be said at one time. */
export const longestFacts = (language: Language): MessageFacts => ({
  language, practice: { name: 'Northern Massachusetts Cardiology Group', phone: '+16175550100' }, bookedBy: 'Western Massachusetts Family Medicine', givenName: 'Maximiliano José', visits: [longVisit],
  answerBy: { at: parseInstant('2026-11-25T19:45:00Z'), zone: anchorage },
});

/** As many visits as leave together in one text, of the children of one parent. */
export function togetherFacts(language: Language): MessageFacts {
  const usual = usualFacts(language);
  const visits = ['Maria', 'Alejandro', 'Sofia'].map((who, nth) => ({ ...visit, who, start: plusMs(visit.start, nth * HOUR), end: plusMs(visit.end, nth * HOUR) }));
  return { ...usual, givenName: null, visits };
}

/** Every branch that values can open: with and without a name, a page, a rule, one visit and several, a place that must not be named. */
export function samplesOf(language: Language): MessageFacts[] {
  const usual = usualFacts(language);
  const longest = longestFacts(language);
  const with_ = (change: Partial<VisitFacts>): MessageFacts => ({ ...usual, visits: [{ ...visit, ...change }] });
  return [
    usual, longest, { ...usual, givenName: null }, { ...usual, visits: [visit, { ...visit, start: parseInstant('2026-11-26T14:30:00Z') }] }, { ...usual, visits: [] }, { ...usual, bookedBy: 'Summit Dermatology' }, { ...usual, answerBy: longest.answerBy },
    with_({ page }), with_({ cancelFree: 'over' }), with_({ cancelFree: parseInstant('2026-11-24T14:30:00Z') }), with_({ givesUp: longVisit.givesUp }), with_({ cancelled: true }), with_({ modality: 'video' }), with_({ modality: 'phone' }),
    { ...with_({ site: null, provider: null, page }), practice: { ...usual.practice, name: null } },
  ];
}
