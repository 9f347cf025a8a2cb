import { practiceId, serviceCode } from '@slotmesh/contracts';
import { amendedTerms, quotaRules } from './quota-amendment';
import type { Lend, QuotaSolution } from './quota-solution';

const lend = (lender: string, borrower: string, week: number, slots: number, service = 'skin-check'): Lend => ({ lender: practiceId.parse(lender), borrower: practiceId.parse(borrower), service: serviceCode.parse(service), week, slots });
const solution = (lends: readonly Lend[]): QuotaSolution => ({ version: 1, method: 'greedy', whyGreedy: 'time-limit', lends, without: { worstUnmetShare: 0, unmet: 0 }, with: { worstUnmetShare: 0, unmet: 0 }, leastWorstUnmetShare: null, practices: [] });

const [summit, harbor, skin] = [practiceId.parse('summit'), practiceId.parse('harbor'), serviceCode.parse('skin-check')];
const planned = [{ practice: summit, services: [{ service: skin }] }, { practice: harbor, services: [] }];
const quota = (weeklyQuota: number, service = 'skin-check') => ({ id: `quota:summit:${service}:harbor`, host: summit, partners: [harbor], services: [serviceCode.parse(service)], weeklyQuota });

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
    const terms = { name: 'Pool', practices: [summit, harbor], effectiveFrom: '2026-01-01T00:00:00.000Z', rules: [{ id: 'open', opensDaysBefore: 7 }, quota(9)] };
    expect(amendedTerms(terms, solution([lend('summit', 'harbor', 0, 3)]), planned, '2027-01-01T00:00:00.000Z')).toEqual({
      name: 'Pool', practices: ['summit', 'harbor'], effectiveFrom: '2027-01-01T00:00:00.000Z', rules: [{ id: 'open', opensDaysBefore: 7 }, { id: 'quota:summit:skin-check:harbor', host: 'summit', partners: ['harbor'], services: ['skin-check'], weeklyQuota: 3 }],
    });
  });

  it('P7: a plan that lends nothing leaves nothing, where an earlier quota or a wider rule would leave it without limit', () => {
    const wide = { id: 'all', host: summit };
    const none = { id: 'quota:summit:skin-check:none', host: 'summit', partners: ['harbor'], services: ['skin-check'], weeklyQuota: 0 };
    const rules = (...present: readonly { id: string }[]) => amendedTerms({ practices: [summit, harbor], rules: present }, solution([]), planned, '2027-01-01T00:00:00.000Z').rules;
    expect(rules(wide, quota(5))).toEqual([wide, none]);
    expect(rules(quota(5))).toEqual([none]);
    expect(rules()).toEqual([]);
    // A third party is lent nothing, while another is; who is no party, or in no plan, has no rule.
    const desert = practiceId.parse('desert');
    expect(amendedTerms({ practices: [summit, harbor, desert], rules: [wide] }, solution([lend('summit', 'harbor', 0, 3)]), [...planned, { practice: desert, services: [] }], '2027-01-01T00:00:00.000Z').rules).toEqual([wide, quota(3), { ...none, partners: ['desert'] }]);
    expect(amendedTerms({ practices: [summit, harbor, desert], rules: [wide] }, solution([lend('summit', 'harbor', 0, 3)]), planned, '2027-01-01T00:00:00.000Z').rules).toEqual([wide, quota(3)]);
  });

  it('P7: keeps of earlier quotas what the plan says nothing of: other services, other hosts, other partners', () => {
    const desert = practiceId.parse('desert');
    const [echo, ofHarbor] = [quota(4, 'echo'), { ...quota(2), id: 'quota:harbor:skin-check:desert', host: harbor, partners: [desert] }];
    const all = { ...quota(7), id: 'quota:summit:skin-check:harbor', partners: [harbor, desert] };
    expect(amendedTerms({ practices: [summit, harbor, desert], rules: [echo, ofHarbor, all] }, solution([lend('summit', 'harbor', 0, 3)]), planned, '2027-01-01T00:00:00.000Z').rules).toEqual([echo, ofHarbor, { ...all, id: 'quota:summit:skin-check:harbor:before', partners: ['desert'] }, quota(3)]);
  });

  it('names rules of long practices within what an agreement takes, each its own', () => {
    const [a, b] = ['a'.repeat(63), `${'a'.repeat(62)}b`];
    const ids = quotaRules(solution([lend(a, 'harbor', 0, 3, 's'.repeat(60)), lend(b, 'harbor', 0, 3, 's'.repeat(60))])).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(100);
  });
});
