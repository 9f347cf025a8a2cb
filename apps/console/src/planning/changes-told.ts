import type { MeasureItem } from './measure-answers';
import { type Grain, datesShown, daysOf, periodShown } from './stretch';
import { bareValue } from './value-shown';

const NAMED: Readonly<Record<Grain, string>> = { day: 'day', week: 'week', month: 'month' };

/** What a series says about change, in words. Only what lies outside of the control limits is called a change (P18); the service judges, this tells. */
export function changesTold(by: Grain, items: readonly MeasureItem[], unit: string): string {
  const one = NAMED[by];
  if (by === 'day') return 'Single days are not judged; weeks and months are.';
  const limits = items.findLast((item) => item.limits !== null)?.limits;
  if (!limits) return `Fewer than eight ${one}s have a number, so no limits can be drawn and no change is told.`;
  const within = `${bareValue(limits.lower, unit)} to ${bareValue(limits.upper, unit)}`;
  const changes = changesOf(items);
  if (changes.length === 0) return `No change: every ${one} lies within its limits (newest: ${within}), and what goes up and down there is chance.`;
  return `Change: ${changes.map(({ flag, first, last }) => `${first === last ? periodShown(by, first) : datesShown({ from: daysOf(by, first).from, to: daysOf(by, last).to })} ${flag} the limits`).join('; ')} (limits of the newest ${one}: ${within}).`;
}

interface Change {
  readonly flag: string;
  readonly first: string;
  readonly last: string;
}
/** Periods after each other on the same side are one change. */
function changesOf(items: readonly MeasureItem[]): Change[] {
  const found: Change[] = [];
  for (const [index, { period, flag }] of items.entries()) {
    if (flag === null) continue;
    const before = found.at(-1);
    if (before && before.flag === flag && before.last === items[index - 1]?.period) found[found.length - 1] = { ...before, last: period };
    else found.push({ flag, first: period, last: period });
  }
  return found;
}
