import type { ShareRule } from './share-rule';

export interface RuleFault {
  readonly rule: string;
  readonly code: 'rule-id-twice' | 'payer-without-fact' | 'tiers-upside-down' | 'floor-above-quota' | 'floor-without-guard';
  readonly message: string;
}

/** What must be put right before rules can be proposed; each as a sentence that says how. */
export function faultsOf(rules: readonly ShareRule[]): readonly RuleFault[] {
  return rules.flatMap((rule, i): RuleFault[] => {
    const fault = (code: RuleFault['code'], message: string): RuleFault => ({ rule: rule.id, code, message });
    const unfounded = rule.notPayers.filter((payer) => !rule.noContract.includes(payer));
    return [
      // Why: quotas are counted by it, and successive versions of one rule share a count.
      ...(rules.findIndex(({ id }) => id === rule.id) < i ? [fault('rule-id-twice', `Two rules are called ${rule.id}. Give each an id of its own.`)] : []),
      ...unfounded.map((payer) => fault('payer-without-fact', `Patients with ${payer} can be left out only where ${rule.host} has no contract with it. State that in noContract, or take ${payer} out of notPayers.`)),
      ...(rule.networkDaysBefore !== null && rule.opensDaysBefore !== null && rule.networkDaysBefore > rule.opensDaysBefore
        ? [fault('tiers-upside-down', `The network would be let in ${rule.networkDaysBefore} days before, neighbours only ${rule.opensDaysBefore}. Choose at most ${rule.opensDaysBefore} for networkDaysBefore.`)] : []),
      ...(rule.leastPerDay !== null && rule.dailyQuota !== null && rule.leastPerDay > rule.dailyQuota ? [fault('floor-above-quota', `At least ${rule.leastPerDay} a day cannot be kept where the daily quota is ${rule.dailyQuota}. Lower leastPerDay.`)] : []),
      ...(rule.leastPerDay !== null && rule.ownFirstDays === null && rule.guardDays === null ? [fault('floor-without-guard', 'leastPerDay is a floor under ownFirstDays and guardDays. Set one of these, or leave it out.')] : []),
    ];
  });
}
