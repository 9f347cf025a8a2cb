import type { TakenMeasure } from './measure-answers';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });

/** A value with its unit: `4.9 days`, `12.5%`. */
export function valueShown(value: number, unit: string): string {
  if (unit === 'share') return percent.format(value);
  return `${number.format(value)} ${value === 1 && /^\w+s$/.test(unit) ? unit.slice(0, -1) : unit}`;
}

/** For a table under a heading that names the unit. */
export const bareValue = (value: number, unit: string): string => (unit === 'share' ? percent.format(value) : number.format(value));

/** One value of all periods together: sums are added, anything else is made anew of what it was made of. */
export function valueOver({ kind, items }: Pick<TakenMeasure, 'kind' | 'items'>): number | null {
  if (items.length === 0) return null;
  const sum = (pick: (item: TakenMeasure['items'][number]) => number): number => items.reduce((total, item) => total + pick(item), 0);
  const numerator = sum((item) => item.numerator);
  if (kind === 'sum') return numerator;
  const denominator = sum((item) => item.denominator ?? 0);
  return denominator === 0 ? null : numerator / denominator;
}
