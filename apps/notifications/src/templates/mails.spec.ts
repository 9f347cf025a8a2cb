import { parseInstant, parseZone, plusMinutes } from '@slotmesh/kernel';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { invitationOf } from './invitation';
import { visitTemplates } from '../messages/domain/fence';
import { mailOf, summaryOf } from './mails';
import type { MessageFacts, Site, VisitFacts } from './visit-facts';

const site: Site = { name: 'Denver <Main>', phone: '+13035550100', line: '1 Main St', city: 'Denver', state: 'CO', postalCode: '80202' };
const visit: VisitFacts = { who: null, start: parseInstant('2026-11-25T16:30:00Z'), end: parseInstant('2026-11-25T17:00:00Z'), zone: parseZone('America/Denver'), cancelled: false, modality: 'in-person', provider: 'Dr. O’Neil', cancelFree: null, givesUp: null, page: null, site };
const facts: MessageFacts = { answerBy: null, language: 'en', practice: { name: 'Summit Dermatology', phone: '+13035550100' }, bookedBy: 'Harbor Family Medicine', givenName: 'Ana', visits: [visit] };
const asked = { appointment: '0197f2b4-0000-7000-8000-000000000001', revision: 1, visit, summary: 'Visit: Summit Dermatology', practice: { name: 'Summit "Skin", Dermatology; Denver', email: 'desk@summit.example' }, attendee: { name: 'Ana', email: 'ana@example.com' }, now: parseInstant('2026-11-20T10:00:00Z') };

const read = (content: string) => {
  const calendar = new ICAL.Component(ICAL.parse(content));
  const component = calendar.getFirstSubcomponent('vevent');
  if (!component) throw new Error('no VEVENT');
  return { method: calendar.getFirstPropertyValue('method'), component, event: new ICAL.Event(component) };
};

describe('mails to patients', () => {
  it.each(['en', 'es'] as const)('says when with the zone, where, with whom and who booked, in language %s, and escapes HTML', (language) => {
    const mail = mailOf('booking-confirmation', { ...facts, language });
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain('9:30 AM MST');
      expect(part).toContain('Harbor Family Medicine');
      expect(part).toContain('(303) 555-0100');
    }
    expect(mail.html).toContain('Denver &lt;Main&gt;, 1 Main St, Denver, CO 80202');
    expect(mail.subject).toContain('Summit Dermatology');
  });

  it("links to each visit's own page beside the phone, and to none that is cancelled or has no page", () => {
    const pages = ['https://slotmesh.example/a/one', 'https://slotmesh.example/a/two'];
    const both = { ...facts, visits: pages.map((page) => ({ ...visit, page })) };
    const mail = mailOf('visit-reminder', both);
    for (const page of pages) {
      expect(mail.text).toContain(`Confirm, move or cancel it on your own page: ${page}`);
      expect(mail.html).toContain(`<a href="${page}">Confirm, move or cancel it on your own page</a>`);
    }
    expect(mail.text).toContain('(303) 555-0100');
    expect(mailOf('visit-reminder', { ...both, language: 'es' }).text).toContain('en su propia página: https');
    expect(mailOf('visit-cancelled', both).text).not.toContain('/a/');
    expect(mailOf('visit-reminder', facts).html).not.toContain('<a ');
  });

  it.each(['en', 'es'] as const)('leaves a place and a practice that must not be named to the page in language %s: subject, text, HTML and calendar entry', (language) => {
    const hidden = { ...visit, site: null, provider: null, page: 'https://slotmesh.example/a/one' };
    const practice = { name: null, phone: facts.practice.phone };
    for (const template of visitTemplates) {
      const mail = mailOf(template, { ...facts, language, practice, bookedBy: null, visits: [hidden] });
      expect({ template, mail: JSON.stringify(mail) }).toEqual({ template, mail: expect.not.stringMatching(/Summit|Neil|Main|Denver|null/) });
      expect(mail.text).toContain('9:30 AM MST');
    }
    const { event } = read(invitationOf({ ...asked, visit: hidden, summary: summaryOf(null, language) }).content);
    expect([event.summary, event.location]).toEqual([language === 'en' ? 'Appointment' : 'Cita', null]);
  });

  it('writes an invitation that an independent parser reads', () => {
    const { content, method } = invitationOf(asked);
    const { event, component, method: found } = read(content);
    expect([method, found]).toEqual(['REQUEST', 'REQUEST']);
    expect(event.uid).toBe(`${asked.appointment}@slotmesh`);
    expect(event.sequence).toBe(0);
    expect(event.startDate.toJSDate().toISOString()).toBe('2026-11-25T16:30:00.000Z');
    expect(event.endDate.toJSDate().toISOString()).toBe('2026-11-25T17:00:00.000Z');
    expect(component.getFirstPropertyValue('status')).toBe('CONFIRMED');
    expect(component.getFirstProperty('organizer')?.getFirstParameter('cn')).toBe("Summit 'Skin', Dermatology; Denver");
    expect(String(component.getFirstPropertyValue('attendee')).toLowerCase()).toBe('mailto:ana@example.com');
    expect(String(component.getFirstPropertyValue('dtstamp'))).toContain('2026-11-20T10:00:00');
  });

  it('cancels with the same UID and a higher SEQUENCE, as RFC 5546 demands', () => {
    const booked = read(invitationOf(asked).content);
    const { event, component, method } = read(invitationOf({ ...asked, revision: 3, visit: { ...visit, cancelled: true } }).content);
    expect(method).toBe('CANCEL');
    expect(event.uid).toBe(booked.event.uid);
    expect(event.sequence).toBeGreaterThan(booked.event.sequence);
    expect(component.getFirstPropertyValue('status')).toBe('CANCELLED');
    expect(component.getFirstSubcomponent('valarm')).toBeNull();
  });

  it('writes any names and times so that they read back', () => {
    const name = fc.string({ unit: fc.constantFrom(...'aZé,;:"\\\n ñ-\'漢🙂'), minLength: 1, maxLength: 120 });
    fc.assert(fc.property(name, name, fc.integer({ min: 1, max: 900 }), (summary, named, minutes) => {
      const end = plusMinutes(visit.start, minutes);
      const { content } = invitationOf({ ...asked, summary, visit: { ...visit, end, site: { ...site, name: named } } });
      const { event } = read(content);
      expect(content.split('\r\n').filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
      expect(event.summary).toBe(summary);
      expect(event.location).toBe(`${named}, 1 Main St, Denver, CO 80202`);
      expect(event.endDate.toJSDate().getTime()).toBe(end);
    }));
  });
});
