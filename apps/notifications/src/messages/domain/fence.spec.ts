import { DAY, DEFAULT_QUIET_HOURS, HOUR, instant, isQuiet, localTimeOf, parseInstant, parseZone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type ContactFacts, type FenceFacts, decide, isAfterVisit, visitTemplates } from './fence';
import { validitySeconds } from './validity-period';

const zone = parseZone('America/New_York');
const quiet = DEFAULT_QUIET_HOURS;
const noon = parseInstant('2026-11-23T17:00:00Z');
const midnight = parseInstant('2026-11-24T05:00:00Z');
const phone: ContactFacts = { channel: 'sms', consented: true, optedOut: false, unreachable: false, wrong: false, ofRepresentative: false, today: 0, thisWeek: 0, networkToday: 0 };
const mailbox: ContactFacts = { ...phone, channel: 'email' };
const facts = (over: Partial<FenceFacts> = {}): FenceFacts => ({
  now: noon, class: 'exempt-care', template: 'visit-reminder', mustReach: false, channels: ['sms', 'email'], expiresAt: instant(noon + 2 * DAY), quiet, zone, absent: false, voiceOnly: false, neverTold: false, confidential: false, freeToEndUser: false, networkCap: 5, contacts: [phone, mailbox],
  subjects: [{ id: 'a', revision: 1, current: { revision: 1, status: 'booked', start: instant(noon + 3 * DAY) } }], ...over,
});
const subject = (over: { revision?: number; current?: number; status?: FenceFacts['subjects'][number]['current']['status']; start?: number }) => ({ id: 'a', revision: over.revision ?? 1, current: { revision: over.current ?? 1, status: over.status ?? 'booked', start: instant(over.start ?? noon + 3 * DAY) } });
const brief = (over: Partial<FenceFacts>) => {
  const verdict = decide(facts(over));
  return verdict.kind === 'send' ? `send ${verdict.channel}` : verdict.kind === 'wait' ? `wait ${localTimeOf(verdict.until, zone)}` : `${verdict.kind} ${verdict.reason}`;
};

describe('the fence before a message', () => {
  it('P12: lets nothing pass on a superseded revision, nor for a visit that is cancelled or over', () => {
    expect(brief({})).toBe('send sms');
    expect(brief({ subjects: [subject({ current: 2 })] })).toBe('skip superseded');
    expect(brief({ subjects: [subject({ status: 'cancelled' })] })).toBe('skip superseded');
    expect(brief({ subjects: [subject({ status: 'arrived' })] })).toBe('skip visit-closed');
    expect(brief({ subjects: [subject({ status: 'pending' })] })).toBe('skip visit-closed');
    expect(brief({ subjects: [subject({ start: noon - 1 })] })).toBe('skip visit-passed');
    expect(brief({ template: 'visit-cancelled', subjects: [subject({ status: 'booked' })] })).toBe('skip superseded');
    expect(brief({ template: 'visit-cancelled', subjects: [subject({ status: 'cancelled' })] })).toBe('send sms');
  });

  it('says that a time is gone only to whom it was offered', () => {
    const gone = { template: 'waitlist-offer-gone', class: 'consented-care', subjects: [subject({ status: 'cancelled' })] } as const;
    expect([brief(gone), brief({ ...gone, neverTold: true })]).toEqual(['send sms', 'skip never-told']);
  });

  it('P12: drops a stale subject of several and sends for the others', () => {
    const verdict = decide(facts({ subjects: [subject({}), { ...subject({ current: 2 }), id: 'b' }] }));
    expect(verdict).toMatchObject({ kind: 'send', subjects: ['a'], dropped: [{ id: 'b', reason: 'superseded' }] });
  });

  it('P17: falls back to mail, or skips, where the phone said STOP', () => {
    const stopped = { ...phone, optedOut: true };
    expect(brief({ contacts: [stopped, mailbox] })).toBe('send email');
    expect(brief({ contacts: [stopped] })).toBe('skip opted-out');
    expect(brief({ contacts: [stopped], class: 'answer', template: 'answer-confirmed', channels: ['sms'] })).toBe('skip opted-out');
    expect(brief({ contacts: [stopped], class: 'answer', template: 'stop-confirmation', channels: ['sms'], subjects: [], expiresAt: null })).toBe('send sms');
  });

  it('P15: waits for the end of quiet hours, skips where that is too late, and answers at once', () => {
    expect(brief({ now: midnight })).toBe('wait 08:00');
    expect(brief({ now: midnight, expiresAt: instant(midnight + HOUR) })).toBe('skip quiet-hours');
    expect(brief({ now: midnight, subjects: [subject({ start: midnight + 7 * HOUR })] })).toBe('skip quiet-hours');
    expect(brief({ now: midnight, class: 'answer', template: 'booking-confirmation' })).toBe('send sms');
    expect(brief({ now: midnight, class: 'answer', template: 'answer-confirmed' })).toBe('send sms');
  });

  it('P15: makes a call at once of a notice that must reach and may not go as a text', () => {
    const notice = { template: 'visit-moved' as const, mustReach: true };
    expect(brief({ ...notice })).toBe('send sms');
    expect(brief({ ...notice, now: midnight })).toBe('call-list quiet-hours');
    expect(brief({ ...notice, contacts: [{ ...phone, optedOut: true }, mailbox] })).toBe('call-list opted-out');
    expect(brief({ ...notice, contacts: [{ ...phone, today: 1 }, mailbox] })).toBe('call-list cap');
    expect(brief({ ...notice, contacts: [mailbox] })).toBe('call-list no-contact');
    expect(brief({ ...notice, expiresAt: noon })).toBe('call-list expired');
    expect(brief({ ...notice, subjects: [subject({ current: 2 })] })).toBe('skip superseded');
  });

  it('keeps to one exempt text a day and three a week per practice and phone; confirmations and consented care are not held', () => {
    expect(brief({ channels: ['sms'], contacts: [{ ...phone, today: 1 }] })).toBe('wait 08:00');
    expect(brief({ channels: ['sms'], contacts: [{ ...phone, thisWeek: 3 }], expiresAt: instant(noon + HOUR) })).toBe('skip cap');
    expect(brief({ contacts: [{ ...phone, thisWeek: 3 }, mailbox] })).toBe('send email');
    expect(brief({ template: 'booking-confirmation', contacts: [{ ...phone, today: 1 }] })).toBe('send sms');
    expect(brief({ class: 'consented-care', contacts: [{ ...phone, today: 5 }] })).toBe('send sms');
  });

  it('holds what nobody asked for at the most texts that one phone gets on one day from the whole network', () => {
    const full = { contacts: [{ ...phone, networkToday: 5 }], channels: ['sms'] as const, class: 'consented-care' as const };
    expect([brief(full), brief({ ...full, class: 'recall' }), brief({ ...full, class: 'answer' }), brief({ ...full, template: 'waitlist-offer', subjects: [subject({ status: 'proposed' })] })]).toEqual(['wait 08:00', 'wait 08:00', 'send sms', 'send sms']);
  });

  it('P17: needs a yes for every class, but for exempt care by a sender that costs its receivers nothing', () => {
    const asked = { contacts: [{ ...phone, consented: false }], channels: ['sms'] as const };
    expect([brief(asked), brief({ ...asked, freeToEndUser: true }), brief({ ...asked, class: 'consented-care', freeToEndUser: true }), brief({ class: 'marketing' })]).toEqual(['skip no-consent', 'send sms', 'skip no-consent', 'skip no-consent']);
  });

  it("keeps a confidential visit off a representative's phone, and tells the desk where a notice has to be heard", () => {
    const theirs = { confidential: true, contacts: [{ ...phone, ofRepresentative: true }] };
    expect([brief(theirs), brief({ ...theirs, confidential: false }), brief({ ...theirs, template: 'visit-moved', mustReach: true }), brief({ ...theirs, contacts: [{ ...phone, ofRepresentative: true }, mailbox] })]).toEqual(['skip confidential', 'send sms', 'call-list confidential', 'send email']);
  });

  it('writes nothing about somebody who has died, nor calls', () => {
    expect(brief({ absent: true, template: 'visit-cancelled', mustReach: true, subjects: [subject({ status: 'cancelled' })] })).toBe('skip patient-gone');
  });

  it('writes after a visit only while it stands as missed or as over, and never twice over', () => {
    const note = { template: 'no-show-note' as const, class: 'consented-care' as const };
    expect([brief({ ...note, subjects: [subject({ status: 'noshow', start: noon - DAY })] }), brief({ ...note, subjects: [subject({ status: 'booked', start: noon - DAY })] }), brief({ ...note, template: 'feedback-question', subjects: [subject({ status: 'fulfilled', start: noon - DAY })] }), brief({ ...note, subjects: [subject({ status: 'fulfilled', start: noon - DAY })] })])
      .toEqual(['send sms', 'skip superseded', 'send sms', 'skip superseded']);
  });

  it('P14: ends every message in sending, waiting until a later instant, skipped or call list, and always says why', () => {
    const contact = fc.record({ channel: fc.constantFrom('sms' as const, 'email' as const), consented: fc.boolean(), optedOut: fc.boolean(), unreachable: fc.boolean(), wrong: fc.boolean(), ofRepresentative: fc.boolean(), today: fc.nat(2), thisWeek: fc.nat(4), networkToday: fc.nat(7) });
    const any = fc.record({ hours: fc.nat(72), template: fc.constantFrom(...visitTemplates), class: fc.constantFrom('exempt-care' as const, 'consented-care' as const, 'recall' as const, 'marketing' as const, 'answer' as const), confidential: fc.boolean(), freeToEndUser: fc.boolean(), mustReach: fc.boolean(), expires: fc.integer({ min: -5, max: 60 }), start: fc.integer({ min: -5, max: 80 }), current: fc.integer({ min: 1, max: 2 }), status: fc.constantFrom('booked' as const, 'cancelled' as const, 'arrived' as const, 'noshow' as const, 'fulfilled' as const), contacts: fc.uniqueArray(contact, { selector: ({ channel }) => channel }), absent: fc.boolean() });
    fc.assert(fc.property(any, (c) => {
      const now = instant(noon + c.hours * HOUR);
      const verdict = decide(facts({ ...c, now, expiresAt: instant(now + c.expires * HOUR), subjects: [subject({ current: c.current, status: c.status, start: now + c.start * HOUR })] }));
      if (verdict.kind === 'wait') return verdict.until > now && !isQuiet(verdict.until, quiet, zone) && verdict.until < now + c.expires * HOUR && (isAfterVisit(c.template) || verdict.until < now + c.start * HOUR);
      if (verdict.kind === 'send') {
        const free = c.class === 'exempt-care' && c.freeToEndUser && verdict.channel === 'sms';
        return c.current === 1 && (c.start > 0 || isAfterVisit(c.template)) && c.expires > 0 && !c.absent && c.class !== 'marketing' && (c.class === 'answer' || !isQuiet(now, quiet, zone))
          && c.contacts.some(({ channel, optedOut, consented, wrong, ofRepresentative }) => channel === verdict.channel && !optedOut && !wrong && !(c.confidential && ofRepresentative) && (consented || free));
      }
      return verdict.reason.length > 0;
    }), { numRuns: 2_000 });
  });
});

describe('how long a text is valid', () => {
  it('P15: only until quiet hours, the visit or its own expiry, whichever is first, and four hours at most', () => {
    const limits = { answer: false, quiet, zone, visitStart: null, expiresAt: null };
    expect(validitySeconds(noon, limits)).toBe(4 * 3600);
    expect(validitySeconds(parseInstant('2026-11-24T01:00:00Z'), limits)).toBe(3600);
    expect(validitySeconds(noon, { ...limits, visitStart: instant(noon + 600_000) })).toBe(600);
    expect(validitySeconds(noon, { ...limits, expiresAt: instant(noon + 10) })).toBe(1);
    expect(validitySeconds(midnight, { ...limits, answer: true })).toBe(3600);
  });
});
