import { HOUR, type Instant, type PracticeId, type ProviderId, type SiteId, type Zone, localDateOf, parseInstant, plusMs } from '@slotmesh/kernel';
import * as fc from 'fast-check';
import { type MoveCandidate, areNearAndEnough, bestMoves } from './moves';

const zone = 'America/New_York' as Zone;
const at = (practice: string, site: string, provider: string, start: Instant, id = `${practice}-${provider}-${start}`): MoveCandidate => ({ id, practice: practice as PracticeId, site: site as SiteId, provider: provider as ProviderId, start, zone });
const visit = at('harbor', 'boston', 'reyes', parseInstant('2026-12-07T15:00:00Z'));
const after = (days: number, hours = 0): Instant => plusMs(visit.start, days * 24 * HOUR + hours * HOUR);

describe('where an affected visit could go', () => {
  it('is first whom the patient knows, then the same site, the same practice and last a partner', () => {
    const partner = at('summit', 'denver', 'okafor', after(0));
    const elsewhere = at('harbor', 'worcester', 'lind', after(1));
    const colleague = at('harbor', 'boston', 'cho', after(2));
    const same = at('harbor', 'boston', 'reyes', after(3));
    expect(bestMoves(visit, [partner, elsewhere, colleague]).map(({ to }) => to)).toEqual([colleague, elsewhere, partner]);
    expect(bestMoves(visit, [partner, elsewhere, colleague, same]).map(({ why }) => why)).toEqual(['same provider; 3 days later', 'same site, another provider; 2 days later', 'same practice, another site; a day later']);
  });

  it('is nearest by day, then by the hour that the patient chose, and once for each provider and day', () => {
    const times = [after(1, -2), after(1), after(1, 3), after(2, -1), after(-1, 1)].map((start) => at('harbor', 'boston', 'reyes', start));
    expect(bestMoves(visit, times).map(({ to }) => to.start)).toEqual([after(1), after(-1, 1), after(2, -1)]);
  });

  it('puts what is more than two weeks away behind all that is nearer', () => {
    const [far, partner] = [at('harbor', 'boston', 'reyes', after(15)), at('summit', 'denver', 'okafor', after(4))];
    expect(bestMoves(visit, [far, partner]).map(({ to }) => to)).toEqual([partner, far]);
  });

  it('is found among the nearer kinds alone where these have enough that is near', () => {
    const candidate = fc.record({ kind: fc.constantFrom(0, 1, 2, 3), days: fc.integer({ min: -3, max: 20 }), hours: fc.integer({ min: -4, max: 6 }), n: fc.nat(2) })
      .map(({ kind, days, hours, n }) => ({ kind, move: at(kind === 3 ? 'summit' : 'harbor', kind === 2 ? 'worcester' : 'boston', kind === 0 ? 'reyes' : `other-${kind}-${n}`, after(days, hours), `${kind}-${n}-${days}-${hours}`) }));
    fc.assert(fc.property(fc.uniqueArray(candidate, { selector: ({ move }) => move.id, maxLength: 40 }), fc.constantFrom(0, 2), (all, nearest) => {
      const found = bestMoves(visit, all.filter(({ kind }) => kind <= nearest).map(({ move }) => move));
      fc.pre(areNearAndEnough(visit, found));
      expect(bestMoves(visit, all.map(({ move }) => move))).toEqual(found);
    }));
  });

  it('is the same whatever the order of the candidates, three at most, and never two of one provider and day', () => {
    const candidate = fc.record({ practice: fc.constantFrom('harbor', 'summit'), site: fc.constantFrom('a', 'b'), provider: fc.constantFrom('reyes', 'cho', 'lind'), days: fc.integer({ min: -5, max: 40 }), hours: fc.integer({ min: -4, max: 6 }) })
      .map(({ practice, site, provider, days, hours }) => at(practice, site, provider, after(days, hours), `${practice}-${site}-${provider}-${days}-${hours}`));
    fc.assert(fc.property(fc.uniqueArray(candidate, { selector: ({ id }) => id, maxLength: 30 }), (all) => {
      const found = bestMoves(visit, all);
      expect(found.length).toBeLessThanOrEqual(3);
      expect(bestMoves(visit, [...all].reverse())).toEqual(found);
      expect(new Set(found.map(({ to }) => `${to.provider}/${localDateOf(to.start, to.zone)}`)).size).toBe(found.length);
    }));
  });
});
