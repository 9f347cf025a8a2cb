import { yearsOfAdvice } from './advice';
import { type Change, changed } from './changes';
import type { Partnership } from './partnership';

/** What a day of a simulation takes: slots or requests, whichever are more, of all practices. */
export const dailyWork = ({ practices }: Partnership): number => practices.reduce((sum, { slotsPerDay, load }) => sum + slotsPerDay * Math.max(1, load), 0);

/** What an answer takes at most: the work of a day times simulated years. A change, such as more demand, makes each of its years longer. Throws NotInPartnership. */
export function workOf(partnership: Partnership, changes: readonly Change[] | null, runs: number): number {
  if (changes === null) return yearsOfAdvice(runs) * dailyWork(partnership);
  const tried = changes.reduce(changed, partnership);
  return runs * (dailyWork(partnership) + (tried.rules.share === 0 ? 1 : 2) * dailyWork(tried));
}
