import fc from 'fast-check';
import { classOf } from '../../providers/provider-errors';
import { furthest, isDelivered, rankOf } from './delivery-status';
import { newShortCode } from './short-code';

const words = ['accepted', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'read', 'nonsense'];

describe('delivery status', () => {
  it('never moves back, in whatever order reports come', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...words)), (reports) => {
      let status: string | null = null;
      return reports.every((report) => {
        const next = furthest(status, report);
        const risen = status === null || rankOf(next) >= rankOf(status);
        status = next;
        return risen;
      });
    }));
    expect(['sent', 'delivered', 'sending', 'queued'].reduce<string | null>(furthest, null)).toBe('delivered');
    expect(furthest('undelivered', 'delivered')).toBe('undelivered');
    expect(isDelivered('read')).toBe(true);
  });
  it('classes what the provider says by data, and takes what it does not know for ambiguous', () => {
    expect([21610, 21211, 20429, 30008, 99999, null].map(classOf)).toEqual(['opt-out', 'number-permanent', 'rate-or-capacity', 'ambiguous', 'ambiguous', 'ambiguous']);
  });
  it('makes references of five characters that nobody mistakes', () => {
    expect(Array.from({ length: 200 }, newShortCode).every((code) => /^[2-9A-HJKMNP-TV-Z]{5}$/.test(code))).toBe(true);
  });
});
