import fc from 'fast-check';
import { boundsOf, endedByLook, patientsAtLook, verdictOf, zOf } from './stop-rule';

describe('the stop rule', () => {
  it('has the published bounds of O\'Brien and Fleming at 0.05, for one look to five', () => {
    const published = [[1.96], [2.797, 1.977], [3.471, 2.454, 2.004], [4.049, 2.863, 2.337, 2.024], [4.562, 3.226, 2.634, 2.281, 2.04]];
    for (const [index, bounds] of published.entries()) boundsOf(index + 1, 0.05).forEach((bound, look) => expect(Math.abs(bound - bounds[look]!)).toBeLessThan(0.0011));
    // Jennison and Turnbull, table 2.3: 2.621 for five looks and 2.640 for seven at 0.01, 2.087 for ten at 0.05.
    expect(boundsOf(5, 0.01)[4]).toBeCloseTo(2.621, 2);
    expect(boundsOf(7, 0.01)[6]).toBeCloseTo(2.64, 2);
    expect(boundsOf(10, 0.05)[9]).toBeCloseTo(2.087, 2);
  });

  it('without a difference stops at most about one experiment in twenty, though it looks five times (2,000 with a fixed seed)', () => {
    const bounds = boundsOf(5, 0.05);
    const next = mulberry(7);
    let crossed = 0;
    for (let trial = 0; trial < 2_000; trial++) {
      const counts = { a: { visits: 0, attended: 0 }, b: { visits: 0, attended: 0 } };
      for (const bound of bounds) {
        for (const arm of [counts.a, counts.b]) for (let n = 0; n < 100; n++) { arm.visits++; if (next() < 0.8) arm.attended++; }
        if (verdictOf(zOf(counts.a, counts.b), bound) !== 'open') { crossed++; break; }
      }
    }
    // 0.05 and four standard errors.
    expect(crossed / 2_000).toBeGreaterThan(0.03);
    expect(crossed / 2_000).toBeLessThan(0.07);
  });

  it('looks after equal shares, the last one at all patients, and ends for harm before benefit', () => {
    fc.assert(fc.property(fc.integer({ min: 50, max: 100_000 }), fc.integer({ min: 1, max: 10 }), (patients, looks) => {
      const at = Array.from({ length: looks }, (_, look) => patientsAtLook(look + 1, { patients, looks }));
      expect(at.at(-1)).toBe(patients);
      expect([...at].sort((a, b) => a - b)).toEqual(at);
      expect(new Set(at).size).toBe(looks);
    }));
    expect([endedByLook(['better', 'worse'], false), endedByLook(['better', 'open'], false), endedByLook(['open'], false), endedByLook(['open'], true)]).toEqual(['harm', 'benefit', null, 'completed']);
    expect([verdictOf(2.1, 2.04), verdictOf(-2.1, 2.04), verdictOf(2, 2.04)]).toEqual(['better', 'worse', 'open']);
    expect(zOf({ visits: 0, attended: 0 }, { visits: 9, attended: 4 })).toBe(0);
    expect(zOf({ visits: 9, attended: 9 }, { visits: 9, attended: 9 })).toBe(0);
  });
});

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
