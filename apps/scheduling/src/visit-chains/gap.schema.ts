import { z } from 'zod';
import type { Gap } from './domain/gap';

/** A distance in minutes that pass or in days of the calendar at the place of the earlier visit. */
export const distance = z.union([z.strictObject({ minutes: z.int().min(0).max(60 * 24 * 366) }), z.strictObject({ days: z.int().min(0).max(366) })]);
/** As it is kept, and read back. */
export const storedGaps = z.array(z.object({ min: distance, max: distance.nullable() }) satisfies z.ZodType<Gap>);
