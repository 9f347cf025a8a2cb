import { z } from 'zod';

const MOST_MONTHS = 24;
export const month = z.string().meta({ description: 'a month, such as 2026-11' }).regex(/^20\d\d-(0[1-9]|1[0-2])$/, { error: 'must be a month, such as 2026-11', abort: true });
const numberOf = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5));
/** Months as `2026-07`, both included. */
export const months = z.object({ from: month, to: month }).superRefine(({ from, to }, context) => {
  const apart = numberOf(to) - numberOf(from);
  if (apart < 0) context.addIssue({ code: 'custom', path: ['to'], message: 'must not lie before from' });
  if (apart >= MOST_MONTHS) context.addIssue({ code: 'custom', path: ['to'], message: `must lie within ${MOST_MONTHS} months of from` });
});
export type Months = z.output<typeof months>;
