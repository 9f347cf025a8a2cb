import { localDate } from '@slotmesh/contracts';
import { z } from 'zod';

const count = z.int().min(0);
/** One day of a practice: requests made on it; visits for it, of them called off and missed. */
export const dayCounts = z.strictObject({ day: localDate, requests: count, visits: count, calledOff: count, missed: count });
/** All that is kept of a file. Strict, so that nothing of a visit or a person could be put into it. */
export const rates = z.strictObject({ slotsPerDay: z.number(), slotsAreEstimated: z.boolean(), daysPerWeek: z.number(), load: z.number(), visitMinutes: z.number(), cancelRate: z.number(), noShowRate: z.number(), leadDays: z.number(), weeks: count });
export type DayCounts = z.output<typeof dayCounts>;
export type Rates = z.output<typeof rates>;
