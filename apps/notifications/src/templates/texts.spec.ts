import { parseInstant, parseZone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { answerTemplates, visitTemplates } from '../messages/domain/fence';
import { isGsm7, segmentsOf, toGsm7 } from './gsm7';
import { textOf } from './texts';
import { type MessageFacts, type Site, type VisitFacts, phoneForPeople, placeOf, timeOf } from './visit-facts';

const zone = parseZone('America/New_York');
const site: Site = { name: 'Boston Clinic', phone: '+16175550100', line: '1 Main St', city: 'Boston', state: 'MA', postalCode: '02110' };
const visit: VisitFacts = { who: null, start: parseInstant('2026-11-25T14:30:00Z'), end: parseInstant('2026-11-25T15:00:00Z'), zone, cancelled: false, modality: 'in-person', provider: 'Dr. Ana Rivera', cancelFree: null, givesUp: null, page: null, site };
const worstSite: Site = { ...site, name: 'Springfield North Campus', city: 'West Springfield' };
const usual: MessageFacts = { answerBy: null, language: 'en', practice: { name: 'Harbor Family Medicine', phone: '+16175550100' }, bookedBy: null, givenName: 'Maria', visits: [visit] };
const worst: MessageFacts = {
  answerBy: null, language: 'en', practice: { name: 'Northern Massachusetts Cardiology Group', phone: '+16175550100' }, bookedBy: 'Western Massachusetts Family Medicine', givenName: 'Maximiliano José',
  visits: [{ ...visit, start: parseInstant('2026-09-23T16:30:00Z'), zone: parseZone('America/Anchorage'), site: worstSite }],
};
const templates = [...visitTemplates, ...answerTemplates.filter((template) => template !== 'desk-text')];

describe('texts to patients', () => {
  it.each(['en', 'es'] as const)('keeps every text of language %s in GSM-7 and within two segments in the worst case, three with a choice of three visits', (language) => {
    const found = templates.map((template) => {
      const facts = template === 'answer-which-visit' ? { ...worst, visits: [worst.visits[0]!, worst.visits[0]!, worst.visits[0]!] } : worst;
      return { template, ...segmentsOf(textOf(template, { ...facts, language }, '7KQ2M')) };
    });
    expect(found.filter(({ encoding, segments, template }) => encoding !== 'GSM-7' || segments > (template === 'answer-which-visit' ? 3 : 2))).toEqual([]);
  });

  it.each(['en', 'es'] as const)('names practice, phone and reference in language %s, the zone wherever a time stands, and never the reason for the visit or the provider', (language) => {
    for (const template of templates) {
      const text = textOf(template, { ...usual, language }, '7KQ2M');
      expect(text).toMatch(/^Harbor Family Medicine: /);
      if (template !== 'start-confirmation') expect(text).toContain('(617) 555-0100');
      expect(text).toMatch(/ Ref 7KQ2M$/);
      expect(text).not.toContain('Rivera');
      if (/\d:\d\d/.test(text)) expect(text).toContain('9:30 AM EST');
    }
  });

  it.each(['en', 'es'] as const)('offers a time of a partner until an hour of the patient\'s own clock, in language %s within two segments in the worst case', (language) => {
    const at = { answerBy: { at: parseInstant('2026-11-25T19:45:00Z'), zone: parseZone('America/Anchorage') }, language };
    expect(textOf('waitlist-offer', { ...usual, ...at }, '7KQ2M')).toContain(language === 'en' ? 'YES by 10:45 AM AKST' : 'SI antes de 10:45 AM AKST');
    const far = { ...worst.visits[0]!, site: { ...worstSite, name: 'Western Massachusetts Family Medicine, North Campus' } };
    expect(segmentsOf(textOf('waitlist-offer', { ...worst, ...at, visits: [far] }, '7KQ2M')).segments).toBeLessThanOrEqual(2);
  });

  it.each(['en', 'es'] as const)('says in language %s which later visit a yes gives up, and gave up, within two segments, three in the worst case', (language) => {
    const at = { answerBy: { at: parseInstant('2026-11-25T19:45:00Z'), zone: parseZone('America/Anchorage') }, language };
    const givesUp = { start: parseInstant('2026-12-08T16:30:00Z'), zone: parseZone('America/Denver') };
    for (const template of templates) {
      const told = (facts: MessageFacts): string => textOf(template, { ...facts, ...at, visits: [{ ...facts.visits[0]!, givesUp }] }, '7KQ2M');
      expect({ template, says: told(usual).includes(language === 'en' ? 'Tue Dec 8, 9:30 AM MST' : 'mar 8 dic, 9:30 AM MST') }).toEqual({ template, says: template === 'waitlist-offer' || template === 'answer-offer-taken' });
      expect({ template, usual: segmentsOf(told(usual)).segments <= 2, worst: segmentsOf(told(worst)).segments <= 3 }).toEqual({ template, usual: true, worst: true });
    }
  });

  it.each(['en', 'es'] as const)('tells in language %s until when cancelling is free wherever it offers X, within two segments, three in the worst case', (language) => {
    const offers = ['booking-confirmation', 'visit-reminder', 'visit-moved', 'answer-current-time'] as const;
    for (const template of templates) {
      const told = (cancelFree: VisitFacts['cancelFree'], facts = usual): string => textOf(template, { ...facts, language, visits: [{ ...facts.visits[0]!, cancelFree }] }, '7KQ2M');
      const offersX = offers.some((each) => each === template);
      expect(told(parseInstant('2026-11-24T14:30:00Z')).includes(language === 'en' ? 'Cancel by Tue Nov 24, 9:30 AM EST' : 'Cancele antes de mar 24 nov, 9:30 AM EST')).toBe(offersX);
      expect(told('over').includes(language === 'en' ? 'To cancel now is late' : 'Cancelar ahora es tarde')).toBe(offersX);
      for (const cancelFree of [parseInstant('2026-09-22T16:30:00Z'), 'over'] as const) expect({ template, usual: segmentsOf(told(cancelFree)).segments <= 2, worst: segmentsOf(told(cancelFree, worst)).segments <= 3 }).toEqual({ template, usual: true, worst: true });
    }
  });

  it.each(['en', 'es'] as const)('asks in language %s to choose another time by the link, within two segments, three in the worst case; without a page it asks to call', (language) => {
    const page = `https://slotmesh.example/a/${'Ab1_-'.repeat(15)}`;
    const told = (facts: MessageFacts): string => textOf('visit-must-move', { ...facts, language, visits: [{ ...facts.visits[0]!, page }] }, '7KQ2M');
    expect(told(usual)).toContain(page);
    expect({ usual: segmentsOf(told(usual)).segments <= 2, worst: segmentsOf(told(worst)).segments <= 3 }).toEqual({ usual: true, worst: true });
    expect(textOf('visit-must-move', { ...usual, language }, '7KQ2M')).toContain(language === 'en' ? 'For another time call (617) 555-0100' : 'Para otra hora llame al (617) 555-0100');
  });

  it.each(['en', 'es'] as const)('leaves a place and a practice that must not be named to the page in language %s, within three segments', (language) => {
    const page = `https://slotmesh.example/a/${'Ab1_-'.repeat(15)}`;
    for (const template of templates) {
      const text = textOf(template, { ...usual, language, practice: { ...usual.practice, name: null }, visits: [{ ...visit, page, site: null, provider: null }] }, '7KQ2M');
      expect({ template, text }).toEqual({ template, text: expect.not.stringMatching(/Harbor|Boston|Main St|null/) });
      expect({ template, linked: text.includes(page) }).toEqual({ template, linked: ['booking-confirmation', 'visit-reminder', 'visit-moved', 'visit-must-move', 'answer-move-link', 'no-show-note', 'education'].includes(template) });
      expect({ template, ...segmentsOf(text), fits: segmentsOf(text).segments <= 3 }).toMatchObject({ encoding: 'GSM-7', fits: true });
    }
    expect(textOf('visit-reminder', { ...usual, language: 'en', practice: { ...usual.practice, name: null }, visits: [{ ...visit, site: null }] }, '7KQ2M')).toBe('Maria, your visit is Wed Nov 25, 9:30 AM EST. Reply C to confirm, X to cancel, or call (617) 555-0100. STOP ends texts. Ref 7KQ2M');
  });

  it('says who booked where another practice did', () => {
    expect(textOf('booking-confirmation', { ...usual, bookedBy: 'Summit Dermatology' }, '7KQ2M')).toContain('booked by Summit Dermatology');
    expect(textOf('booking-confirmation', usual, '7KQ2M')).not.toContain('booked by');
  });

  it('writes a Spanish reminder without one character that would make it UCS-2', () => {
    const text = textOf('visit-reminder', { ...usual, language: 'es', givenName: 'Íñigo', visits: [{ ...visit, start: parseInstant('2026-11-28T14:30:00Z') }] }, '7KQ2M');
    expect(text).toBe('Harbor Family Medicine: Iñigo, su cita es sab 28 nov, 9:30 AM EST en Boston Clinic. Responda C para confirmar, X para cancelar, o llame al (617) 555-0100. STOP: no mas textos. Ref 7KQ2M');
  });

  it('names the zone of the site on both sides of a change of the clocks', () => {
    expect(timeOf({ start: parseInstant('2026-10-31T13:30:00Z'), zone }, 'en')).toBe('Sat Oct 31, 9:30 AM EDT');
    expect(timeOf({ start: parseInstant('2026-11-01T14:30:00Z'), zone }, 'en')).toBe('Sun Nov 1, 9:30 AM EST');
    expect(timeOf({ start: parseInstant('2026-07-01T14:30:00Z'), zone: parseZone('America/Phoenix') }, 'es')).toBe('mié 1 jul, 7:30 AM MST');
  });

  it('names the place without saying anything twice', () => {
    const place = (name: string) => placeOf({ ...site, name }, 'Harbor Family Medicine');
    expect(['Boston Clinic', 'Harbor Family Medicine, Boston', 'Harbor Family Medicine', 'North Campus'].map(place)).toEqual(['Boston Clinic', 'Boston', 'Boston', 'North Campus, Boston']);
  });

  it('counts segments as carriers do', () => {
    expect(segmentsOf('a'.repeat(160))).toEqual({ encoding: 'GSM-7', segments: 1 });
    expect(segmentsOf('a'.repeat(161))).toEqual({ encoding: 'GSM-7', segments: 2 });
    expect(segmentsOf('€'.repeat(80))).toEqual({ encoding: 'GSM-7', segments: 1 });
    expect(segmentsOf(`${'a'.repeat(152)}€${'a'.repeat(20)}`)).toEqual({ encoding: 'GSM-7', segments: 2 });
    expect(segmentsOf('á'.repeat(71))).toEqual({ encoding: 'UCS-2', segments: 2 });
    expect(segmentsOf('')).toEqual({ encoding: 'GSM-7', segments: 0 });
    expect(phoneForPeople('+442071234567')).toBe('+442071234567');
  });

  it('turns any text into GSM-7 and leaves GSM-7 as it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => isGsm7(toGsm7(text)) && toGsm7(toGsm7(text)) === toGsm7(text)));
  });
});
