import type { MeasureItem } from './measure-answers';
import { type Grain, periodShown } from './stretch';
import { bareValue } from './value-shown';

const NAMED: Readonly<Record<Grain, string>> = { day: 'day', week: 'week', month: 'month' };

/** What a series says about change, in words. Only what lies outside of the control limits is called a change (P18); the service judges, this tells. */
export function changesTold(by: Grain, items: readonly MeasureItem[], unit: string): string {
  const one = NAMED[by];
  if (by === 'day') return 'Single days are not judged; weeks and months are.';
  const limits = items.findLast((item) => item.limits !== null)?.limits;
  if (!limits) return `Fewer than eight ${one}s have a number, so no limits can be drawn and no change is told.`;
  const within = `${bareValue(limits.lower, unit)} to ${bareValue(limits.upper, unit)}`;
  const flagged = items.filter(({ flag }) => flag !== null);
  if (flagged.length === 0) return `No change: every ${one} lies within its limits (newest: ${within}), and what goes up and down there is chance.`;
  return `Change: ${flagged.map(({ period, flag }) => `${periodShown(by, period)} lies ${flag} its limits`).join('; ')} (limits of the newest ${one}: ${within}).`;
}
