import { HOUR, type Instant, MINUTE, type ProviderId, type SiteId, type VisitTypeId } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type PackedLine, minutesOpen, pack } from './packing';

const at = (minutes: number): Instant => (Date.UTC(2027, 2, 1, 15) + minutes * MINUTE) as Instant;
const line = (provider: string, durationMinutes: number, starts: readonly number[], more: Partial<PackedLine> & { readonly buffer?: number } = {}): PackedLine => ({
  offering: { provider: provider as ProviderId, site: 's' as SiteId, visitType: `v${durationMinutes}` as VisitTypeId, durationMinutes, bufferBeforeMinutes: 0, bufferAfterMinutes: more.buffer ?? 0 },
  starts: starts.map(at), needs: [], session: () => ({ allowed: true, limit: null }), share: () => [], ...more,
});
const every = (minutes: number, until: number): number[] => Array.from({ length: Math.floor(until / minutes) }, (_, i) => i * minutes);

describe('what partners could book of a date', () => {
  test('is counted visit by visit: kinds of visits that overlap are not added up, and buffers cost their time', () => {
    expect(minutesOpen(pack([line('a', 30, every(10, 220)), line('a', 60, every(10, 190))]))).toBe(240);
    expect(pack([line('a', 30, every(10, 220), { buffer: 20 })]).map(({ start }) => (start - at(0)) / MINUTE)).toEqual([0, 50, 100, 150, 200]);
  });

  test('one device for two providers is counted once, a quota ends it, and a quota that visits which are kept have used is used', () => {
    const needs = [{ bufferBeforeMinutes: 0, bufferAfterMinutes: 0, resources: [{ id: 'echo', busy: [{ start: at(60), end: at(90) }] }] }];
    const both = ['a', 'b'].map((provider) => line(provider, 30, every(30, 120), { needs }));
    expect(minutesOpen(pack(both))).toBe(90);
    const share: PackedLine['share'] = (_, used) => (used('a quota of 3') >= 3 ? null : ['a quota of 3']);
    const limited = ['a', 'b'].map((provider) => line(provider, 30, every(30, 120), { share }));
    expect(pack(limited)).toHaveLength(3);
    expect(pack(limited, pack(limited).slice(0, 2))).toHaveLength(1);
    expect(pack(limited, [], new Map([['a quota of 3', 2]]))).toHaveLength(1);
  });

  test('never is a provider twice at one time, whatever starts there are', () => {
    const lines = fc.array(fc.record({ provider: fc.constantFrom('a', 'b'), duration: fc.constantFrom(15, 20, 45), starts: fc.array(fc.integer({ min: 0, max: 480 }), { maxLength: 20 }) }), { maxLength: 5 });
    fc.assert(fc.property(lines, (some) => {
      const packed = pack(some.map(({ provider, duration, starts }) => line(provider, duration, [...starts].sort((x, y) => x - y))));
      for (const one of packed) for (const other of packed) if (one !== other && one.provider === other.provider) expect(one.start < other.end && other.start < one.end).toBe(false);
      expect(minutesOpen(packed)).toBeLessThanOrEqual((2 * 9 * HOUR) / MINUTE);
    }));
  });
});
