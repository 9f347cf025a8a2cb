import { practiceId, serviceCode } from '@slotmesh/contracts';
import { amendedTerms, quotaRules } from './quota-amendment';
import type { Lend, QuotaSolution } from './quota-solution';

const lend = (lender: string, borrower: string, week: number, slots: number, service = 'skin-check'): Lend => ({ lender: practiceId.parse(lender), borrower: practiceId.parse(borrower), service: serviceCode.parse(service), week, slots });
const solution = (lends: readonly Lend[]): QuotaSolution => ({ version: 1, method: 'greedy', whyGreedy: 'time-limit', lends, without: { worstUnmetShare: 0, unmet: 0 }, with: { worstUnmetShare: 0, unmet: 0 }, leastWorstUnmetShare: null, practices: [] });

describe('a quota plan as an amendment', () => {
  it('P7: lets each partner have its largest week, and all together the largest week of all', () => {
    expect(quotaRules(solution([lend('summit', 'harbor', 0, 3), lend('summit', 'harbor', 1, 5), lend('summit', 'desert', 0, 4), lend('harbor', 'desert', 1, 2)]))).toEqual([
      { id: 'quota:summit:skin-check:harbor', host: 'summit', partners: ['harbor'], services: ['skin-check'], weeklyQuota: 5 },
      { id: 'quota:summit:skin-check:desert', host: 'summit', partners: ['desert'], services: ['skin-check'], weeklyQuota: 4 },
      { id: 'quota:summit:skin-check:all', host: 'summit', partners: ['harbor', 'desert'], services: ['skin-check'], weeklyQuota: 7 },
      { id: 'quota:harbor:skin-check:desert', host: 'harbor', partners: ['desert'], services: ['skin-check'], weeklyQuota: 2 },
    ]);
  });

  it('changes of the terms only quotas that an earlier plan brought', () => {
    const terms = { name: 'Pool', practices: [practiceId.parse('summit'), practiceId.parse('harbor')], effectiveFrom: '2026-01-01T00:00:00.000Z', rules: [{ id: 'open', opensDaysBefore: 7 }, { id: 'quota:summit:echo:harbor', weeklyQuota: 9 }] };
    expect(amendedTerms(terms, solution([lend('summit', 'harbor', 0, 3)]), '2027-01-01T00:00:00.000Z')).toEqual({
      name: 'Pool', practices: ['summit', 'harbor'], effectiveFrom: '2027-01-01T00:00:00.000Z', rules: [{ id: 'open', opensDaysBefore: 7 }, { id: 'quota:summit:skin-check:harbor', host: 'summit', partners: ['harbor'], services: ['skin-check'], weeklyQuota: 3 }],
    });
  });

  it('names rules of long practices within what an agreement takes, each its own', () => {
    const [a, b] = ['a'.repeat(63), `${'a'.repeat(62)}b`];
    const ids = quotaRules(solution([lend(a, 'harbor', 0, 3, 's'.repeat(60)), lend(b, 'harbor', 0, 3, 's'.repeat(60))])).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(100);
  });
});
