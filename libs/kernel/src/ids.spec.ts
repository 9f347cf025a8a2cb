import fc from 'fast-check';
import { newId, stableId } from './ids';

describe('new ids', () => {
  it('are UUIDs of version 7 and variant 2 that begin with their time (RFC 9562)', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (at) => {
      const id = newId(at);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(at);
    }));
  });

  it('of a later millisecond sort after those of an earlier one', () => {
    fc.assert(fc.property(fc.nat(2 ** 31 - 1), fc.integer({ min: 1, max: 1_000_000 }), (at, later) => expect(newId(at) < newId(at + later)).toBe(true)));
  });

  it('of one millisecond never meet', () => expect(new Set(Array.from({ length: 20_000 }, () => newId(1))).size).toBe(20_000));
});

describe('ids of a name', () => {
  it('are UUIDs of version 8, the same for the same name and others for others, in every release', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (one, other) => {
      expect(stableId(one)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(stableId(one) === stableId(other)).toBe(one === other);
    }));
    expect(stableId('supply/p1/2026-07-01')).toBe('351e7a25-45f8-89e2-ae2b-1d520e1d447e');
  });
});
