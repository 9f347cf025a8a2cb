import type { PracticeId } from '@slotmesh/kernel';
import { newShareRule, shareRule } from './share-rule.schema';
import { priceOfReturn } from '../domain/price-of-return';
import { faultsOf } from '../domain/rule-faults';

const rule = (more: object = {}) => shareRule.parse({ id: 'r1', host: 'summit', ...more });
const fields = (more: object = {}): string[] => faultsOf(rule(more)).map(({ field }) => field);

describe('a rule that is proposed', () => {
  it('leaves out a payer only on the stated fact that its host has no contract with it', () => {
    expect(fields({ notPayers: ['medicaid'], noContract: ['medicaid'] })).toEqual([]);
    expect(fields({ notPayers: ['medicaid', 'tricare'], noContract: ['tricare'] })).toEqual(['notPayers']);
    expect(faultsOf(rule({ notPayers: ['medicaid'] }))[0]?.message).toBe('patients with medicaid can be left out only where summit has no contract with it: state that in noContract, or take medicaid out of notPayers');
  });

  it('has tiers in their order, and a floor that something stands on', () => {
    expect(fields({ opensDaysBefore: 7, networkDaysBefore: 14 })).toEqual(['networkDaysBefore']);
    expect(fields({ leastPerDay: 5, dailyQuota: 4, guardDays: 3 })).toEqual(['leastPerDay']);
    expect(fields({ leastPerDay: 5 })).toEqual(['leastPerDay']);
    expect(fields({ leastPerDay: 2, dailyQuota: 4, ownFirstDays: 3, opensDaysBefore: 14, networkDaysBefore: 7 })).toEqual([]);
  });

  it('returns unused time two hours before unless it says otherwise, also that it does not return', () => {
    const returns = (more: object) => newShareRule.parse({ id: 'r1', host: 'summit', ...more }).returnsHoursBefore;
    expect([returns({}), returns({ returnsHoursBefore: 48 }), returns({ returnsHoursBefore: null })]).toEqual([2, 48, null]);
    expect(rule().host).toBe('summit' as PracticeId);
  });

  it('says what an early return costs', () => {
    expect(priceOfReturn(null)).toMatch(/until the visit would begin.*1\.13/);
    expect(priceOfReturn(2)).toMatch(/less than a day before.*between 1\.13 and 1\.77/);
    expect(priceOfReturn(24)).toMatch(/returns 1 day before: patients wait 1\.77 .* instead of 1\.13/);
    expect(priceOfReturn(72)).toMatch(/returns 3 days before: patients wait more than 2\.00/);
    expect(priceOfReturn(120)).toMatch(/returns 5 days before: patients wait 3\.19/);
  });
});
