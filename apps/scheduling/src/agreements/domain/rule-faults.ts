import type { ShareRule } from './share-rule';

export interface RuleFault {
  readonly field: keyof ShareRule;
  readonly message: string;
}

/** What keeps a rule from being agreed on; each as a sentence that says what to do. */
export function faultsOf(rule: ShareRule): readonly RuleFault[] {
  const { host, opensDaysBefore, dailyQuota, networkDaysBefore = null, leastPerDay = null, notPayers = [], noContract = [] } = rule;
  const fault = (field: keyof ShareRule, message: string): RuleFault => ({ field, message });
  return [
    ...notPayers.filter((payer) => !noContract.includes(payer)).map((payer) => fault('notPayers', `patients with ${payer} can be left out only where ${host} has no contract with it: state that in noContract, or take ${payer} out of notPayers`)),
    ...(networkDaysBefore !== null && opensDaysBefore !== null && networkDaysBefore > opensDaysBefore
      ? [fault('networkDaysBefore', `would let the network in ${networkDaysBefore} days before and neighbours only ${opensDaysBefore}: choose at most ${opensDaysBefore}`)] : []),
    ...(leastPerDay !== null && dailyQuota !== null && leastPerDay > dailyQuota ? [fault('leastPerDay', `cannot be kept where the daily quota is ${dailyQuota}: lower it`)] : []),
    ...(leastPerDay !== null && typeof rule.ownFirstDays !== 'number' && typeof rule.guardDays !== 'number' ? [fault('leastPerDay', 'is a floor under ownFirstDays and guardDays: set one of these, or leave it out')] : []),
  ];
}
