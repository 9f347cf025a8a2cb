import { HOUR, type Instant, MINUTE, type PracticeId, type ProviderId, type ServiceCode, type WaitlistEntryId, type Zone, overlaps, parseInstant, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type KeptTime, type OpenTime, matchedTimes, withoutKept } from './matched-times';
import { type Wish, suits } from './wish';

const now = parseInstant('2026-12-01T12:00:00Z');
const wish = (from: string | null): Wish => ({ service: 'skin-check' as ServiceCode, practices: null, weekdays: null, from: from as Wish['from'], to: null, earliest: null, latest: null, near: null, noticeMinutes: 0 });
const time = (provider: string, quarter: number): OpenTime => {
  const start = plusMs(now, 2 * HOUR + quarter * 15 * MINUTE);
  return { host: 'summit' as PracticeId, service: 'skin-check' as ServiceCode, provider: provider as ProviderId, start, zone: 'UTC' as Zone, latitude: null, longitude: null, taken: { start, end: plusMs(start, 40 * MINUTE) as Instant } };
};

describe('which of the times that are open again are offered', () => {
  it('never more than are wanted, never two that one provider could not give, and none is left that who got none would take', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(null, '14:00', '15:30', '18:00'), { maxLength: 8 }), fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(16)), { selector: String, maxLength: 20 }), fc.nat(8), (wanted, open, most) => {
      const wishes = wanted.map(wish);
      const times = open.map(([provider, quarter]) => time(provider, quarter)).sort((a, b) => a.start - b.start);
      const matched = matchedTimes(wishes, times, now, most);
      expect(matched.length).toBeLessThanOrEqual(Math.min(most, wishes.length));
      const clash = (a: OpenTime, b: OpenTime): boolean => a !== b && a.provider === b.provider && overlaps(a.taken, b.taken);
      for (const one of matched) expect(matched.some((other) => clash(one, other))).toBe(false);
      if (matched.length < Math.min(most, wishes.length)) {
        const left = times.filter((one) => !matched.includes(one) && !matched.some((other) => clash(one, other)));
        expect(wishes.filter((one) => left.some((t) => suits(one, t, now))).length).toBeLessThanOrEqual(matched.length);
      }
    }));
  });

  test('a time that is kept already is for the first in turn whom it suits and who was not asked in it, and for nobody else', () => {
    const waits = (id: string, from: string | null): { id: WaitlistEntryId; wish: Wish } => ({ id: id as WaitlistEntryId, wish: wish(from) });
    const [evening, any, other] = [waits('1', '18:00'), waits('2', null), waits('3', null)];
    const kept = (provider: string, ...asked: (typeof any)[]): KeptTime => ({ ...time(provider, 0), asked: asked.map(({ id }) => id) });
    expect(withoutKept([evening, any, other], [kept('a')], now)).toEqual([evening, other]);
    expect(withoutKept([evening, any, other], [kept('a', any)], now)).toEqual([evening, any]);
    expect(withoutKept([evening], [kept('a'), kept('b')], now)).toEqual([evening]);
    expect(withoutKept([any, other], [kept('a', any, other)], now)).toEqual([any, other]);
  });
});
