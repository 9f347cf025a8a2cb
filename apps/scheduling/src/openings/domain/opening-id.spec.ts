import { createHash } from 'node:crypto';
import { type Instant, LAST_INSTANT, instant, parseInstant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { openingId, type OpeningRef, OpeningUnknown, parseOpeningId } from './opening-id';

const ref = fc.integer({ min: 1, max: 0x7fff_ffff });
const start: fc.Arbitrary<Instant> = fc.oneof(fc.integer({ min: 0, max: 4_102_444_800 }).map((s) => instant(s * 1_000)), fc.integer({ min: 0, max: LAST_INSTANT - 1 }).map(instant));
const anyRef: fc.Arbitrary<OpeningRef> = fc.oneof(
  fc.record({ kind: fc.constant('own' as const), visitType: ref, provider: ref, site: ref, start }),
  fc.record({ kind: fc.constant('feed' as const), source: ref, schedule: ref, start }),
);

describe('opening id', () => {
  it('P5: says what it was made from, in the promised alphabet and length', () => {
    fc.assert(fc.property(anyRef, (opening) => {
      const id = openingId(opening);
      expect(id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
      expect(parseOpeningId(id)).toEqual(opening);
    }), { numRuns: 2_000 });
  });

  it('is the same in every version and process: outside clients keep it', () => {
    const at = parseInstant('2026-11-23T18:00:00Z');
    expect(openingId({ kind: 'own', visitType: 12, provider: 7, site: 3, start: at })).toBe('o0000000c000000070000000301a2099095008e84fbe48b');
  });

  it('differs wherever one of its parts differs', () => {
    fc.assert(fc.property(anyRef, anyRef, (a, b) => {
      expect(openingId(a) === openingId(b)).toBe(JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort()));
    }), { numRuns: 2_000 });
  });

  it('is unknown where it names a time beyond the calendar, however well it is made', () => {
    expect(() => openingId({ kind: 'own', visitType: 1, provider: 1, site: 1, start: LAST_INSTANT })).toThrow(RangeError);
    const far = Buffer.alloc(18);
    [1, 1, 1].forEach((n, i) => far.writeUInt32BE(n, i * 4));
    far.writeUIntBE(253_402_268_400_000, 12, 6);
    const digest = createHash('sha256').update('slotmesh opening own').update(far).digest('hex').slice(0, 10);
    expect(() => parseOpeningId(`o${far.toString('hex')}${digest}`)).toThrow(OpeningUnknown);
  });

  it('refuses a text with any one character changed, and every other text', () => {
    fc.assert(fc.property(anyRef, fc.nat(46), fc.constantFrom(...'0123456789abcdefofABCDEF.-'), (opening, place, character) => {
      const id = openingId(opening);
      const changed = id.slice(0, place) + character + id.slice(place + 1);
      fc.pre(changed !== id);
      expect(() => parseOpeningId(changed)).toThrow(OpeningUnknown);
    }), { numRuns: 2_000 });
    fc.assert(fc.property(fc.string({ maxLength: 80 }), (text) => expect(() => parseOpeningId(text)).toThrow(OpeningUnknown)));
  });

  it('is not made from what is no reference or no start', () => {
    const good = { kind: 'own' as const, visitType: 1, provider: 1, site: 1, start: instant(0) };
    for (const bad of [{ visitType: 0 }, { provider: -1 }, { site: 2 ** 31 }, { site: 1.5 }, { start: instant(-1) }, { start: instant(Number.NaN) }]) expect(() => openingId({ ...good, ...bad })).toThrow(RangeError);
  });
});
