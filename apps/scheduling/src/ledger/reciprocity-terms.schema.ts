import { z } from 'zod';

/** The section `reciprocity` of an agreement's terms. */
export const reciprocityTerms = z.object({
  bandHours: z.number().min(0).max(10_000),
  /** Why a month at least: of other parties only whole months are counted. */
  periodDays: z.int().min(31).max(366).default(91),
  leastFactor: z.number().min(0.1).max(1).default(0.5),
});
