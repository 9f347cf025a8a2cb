import { addMonths, parseLocalDate } from '@slotmesh/kernel';

/** Months as `2026-07`; their order is that of the text. */
export const monthsAfter = (month: string, count: number): string => addMonths(parseLocalDate(`${month}-01`), count).slice(0, 7);

/** Both included. */
export function monthsFrom(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = monthsAfter(month, 1)) months.push(month);
  return months;
}

/** Fewer months than this, before sharing or since, say nothing about what changed. */
export const FEWEST_MONTHS = 3;

/** The whole months before the one in which a practice began to share. */
export const monthsBefore = (since: string): string[] => monthsFrom(monthsAfter(since, -FEWEST_MONTHS), monthsAfter(since, -1));
