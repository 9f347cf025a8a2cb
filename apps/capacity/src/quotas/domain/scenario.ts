import type { QuotaInputs } from './quota-inputs';
import type { Lend } from './quota-solution';

/** What a plan would be worth where patients ask as much as at this quantile: slots unmet in all, without it and with it. */
export interface Scenario {
  readonly demandQuantile: number;
  readonly unmetWithout: number;
  readonly unmetWith: number;
}

/** Holds what is lent against other demand than it was planned for. A slot that was lent is gone for the lender also where its own patients would need it. */
export function scenarioOf(inputs: QuotaInputs, lends: readonly Lend[]): Scenario {
  let [without, withPlan] = [0, 0];
  for (const { practice, services } of inputs.practices) {
    for (const { service, capacity, demand } of services) {
      for (let week = 0; week < inputs.weeks; week++) {
        const [there, asked] = [capacity[week] ?? 0, demand[week] ?? 0];
        const moved = lends.reduce((sum, lend) => (lend.service !== service || lend.week !== week ? sum : sum + (lend.borrower === practice ? lend.slots : 0) - (lend.lender === practice ? lend.slots : 0)), 0);
        without += Math.max(0, asked - there);
        withPlan += Math.max(0, asked - there - moved);
      }
    }
  }
  return { demandQuantile: inputs.demandQuantile, unmetWithout: without, unmetWith: withPlan };
}
