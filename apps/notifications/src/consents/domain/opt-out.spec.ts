import { parseInstant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { isBarred, type OptOut } from './opt-out';

const from = parseInstant('2027-01-31T05:00:00Z');
const before = parseInstant('2027-01-31T04:59:59Z');
const classes = ['exempt-care', 'consented-care', 'recall', 'education', 'marketing', 'answer'] as const;
const message = fc.record({ channel: fc.constantFrom('sms' as const, 'email' as const), host: fc.constantFrom('harbor', 'summit'), class: fc.constantFrom(...classes), template: fc.constantFrom('visit-reminder' as const, 'feedback-question' as const) });
const narrow = fc.record({ practice: fc.constantFrom(null, 'harbor', 'summit'), class: fc.constantFrom(null, 'feedback' as const, ...classes) }) satisfies fc.Arbitrary<OptOut>;

describe('opt-outs', () => {
  it('P17: STOP bars every class of every sender, whatever the date', () => {
    fc.assert(fc.property(message, fc.constantFrom(before, from), (to, now) => isBarred([{ practice: null, class: null }], to, now, from)));
  });

  it('P17: a narrow opt-out never bars less from the day on which it counts for all', () => {
    fc.assert(fc.property(fc.array(narrow), message, (outs, to) => !isBarred(outs, to, before, from) || isBarred(outs, to, from, from)));
  });

  it('P17: before that day an opt-out from recalls of one practice leaves its reminders and the recalls of others', () => {
    const outs: OptOut[] = [{ practice: 'harbor', class: 'recall' }];
    const bars = (host: string, kind: (typeof classes)[number], now = before) => isBarred(outs, { channel: 'sms', host, class: kind, template: 'visit-reminder' }, now, from);
    expect([bars('harbor', 'recall'), bars('harbor', 'consented-care'), bars('summit', 'recall')]).toEqual([true, false, false]);
    expect([bars('harbor', 'consented-care', from), bars('summit', 'consented-care', from), bars('harbor', 'answer', from)]).toEqual([true, false, false]);
    expect(isBarred(outs, { channel: 'email', host: 'harbor', class: 'consented-care', template: 'visit-reminder' }, from, from)).toBe(false);
    const asked = (template: 'visit-reminder' | 'feedback-question') => isBarred([{ practice: 'harbor', class: 'feedback' }], { channel: 'email', host: 'harbor', class: 'consented-care', template }, from, from);
    expect([asked('feedback-question'), asked('visit-reminder')]).toEqual([true, false]);
  });
});
