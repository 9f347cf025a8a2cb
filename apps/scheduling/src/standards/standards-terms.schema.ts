import { z } from 'zod';

export const measures = ['referral-answered-hours', 'bump-rate-percent', 'late-withdrawal-percent', 'poor-feedback-percent', 'texts-answered-hours'] as const;
export const measure = z.enum(measures);
export type Measure = z.output<typeof measure>;

/** Below this nobody is told a number of others (P18). */
export const SMALLEST_SHOWN = 11;

const standard = (most: number) => z.strictObject({
  /** The value that is still kept. */
  limit: z.number().min(0).max(most),
  periodDays: z.int().min(28).max(366).default(91),
  /** With fewer cases nothing is said. */
  leastCases: z.int().min(SMALLEST_SHOWN).max(10_000).default(SMALLEST_SHOWN),
}).optional();

/** The section `standards` of an agreement's terms: what the parties promise each other, of a closed list that this service can measure. */
export const standardsTerms = z.strictObject({ 'referral-answered-hours': standard(2_000), 'bump-rate-percent': standard(100), 'late-withdrawal-percent': standard(100), 'poor-feedback-percent': standard(100), 'texts-answered-hours': standard(2_000) });
export type StandardsTerms = z.output<typeof standardsTerms>;
