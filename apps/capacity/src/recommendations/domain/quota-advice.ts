import { type PracticeId, addDays } from '@slotmesh/kernel';
import type { QuotaInputs } from '../../quotas/domain/quota-inputs';
import type { Lend } from '../../quotas/domain/quota-solution';
import type { Scenario } from '../../quotas/domain/scenario';
import type { Advice } from './advice';

const FOUR_WEEKS = 4;
/** Less than a visit a week is no plan. */
const LEAST_GAIN = 4;

export interface PlanToAdvise {
  /** Of the stored plan. */
  readonly id: string;
  readonly inputs: Pick<QuotaInputs, 'firstWeek' | 'weeks' | 'practices'>;
  readonly lends: readonly Lend[];
  /** The plan at its own quantile of demand, and beside it. */
  readonly scenarios: readonly Scenario[];
}

/** How many visits more find time; null: at one of the quantiles none that are worth a plan. */
export function gainOf([planned, ...beside]: readonly Scenario[]): { readonly value: number; readonly low: number; readonly high: number } | null {
  if (planned === undefined) return null;
  const gains = [planned, ...beside].map(({ unmetWithout, unmetWith }) => unmetWithout - unmetWith);
  const low = Math.min(...gains);
  return low < LEAST_GAIN ? null : { value: gains[0] ?? 0, low, high: Math.max(...gains) };
}

/** What a lender is advised of a plan, service by service; nothing where the plan gains too little at other demand. `offeredNow`: minutes that it opened to partners in the last four weeks. */
export function quotaAdvice(plan: PlanToAdvise, practice: PracticeId, offeredNow: number): Advice[] {
  const gain = gainOf(plan.scenarios);
  if (gain === null) return [];
  const { services } = plan.inputs.practices.find((one) => one.practice === practice) ?? { services: [] };
  return services.flatMap(({ service, minutes }): Advice[] => {
    const lends = plan.lends.filter((lend) => lend.lender === practice && lend.service === service);
    const [most] = [...lends].sort((a, b) => b.slots - a.slots || a.week - b.week || (a.borrower < b.borrower ? -1 : 1));
    if (most === undefined) return [];
    const slots = lends.reduce((sum, lend) => sum + lend.slots, 0);
    const { weeks } = plan.inputs;
    const perFourWeeks = Math.round((slots * minutes * FOUR_WEEKS) / weeks);
    const expected = offeredNow + perFourWeeks;
    return [{
      kind: 'release-slots', service, title: `Release ${counted(most.slots)} for ${service} to ${most.borrower} in the week of ${addDays(plan.inputs.firstWeek, 7 * most.week)}`,
      reason: `${lends.length > 1 ? `It is the most of ${counted(slots)} for ${service} that a plan of ${weeks} weeks lends of yours. ` : ''}With the whole plan ${gain.value} visits of the partnership's patients find time that would find none: ${gain.low} where patients ask as usual, and ${gain.high} at most where they ask more.`,
      measure: 'shared-offered', now: Math.round(offeredNow), unit: 'minutes', expected: { value: Math.round(expected), low: Math.round(expected), high: Math.round(expected) },
      effect: { what: `Visits of all practices that find time in ${weeks} weeks and would find none without the plan`, ...gain }, plan: plan.id,
      cost: `${slots * minutes} minutes of your time in ${weeks} weeks, which return to you when nobody takes them.`, sure: 'simulated', patients: Math.round((slots * FOUR_WEEKS) / weeks),
    }];
  });
}

const counted = (slots: number): string => `${slots} ${slots === 1 ? 'slot' : 'slots'}`;
