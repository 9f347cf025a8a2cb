import { localDate, practiceId, serviceCode } from '@slotmesh/contracts';
import { weekdayOf } from '@slotmesh/kernel';
import { z } from 'zod';

/** A plan whose demand and time are taken from what is known of the caller's partnership. */
export const quotaQuestion = z.strictObject({
  firstWeek: localDate.refine((date) => weekdayOf(date) === 1, 'must be a Monday').optional(),
  weeks: z.int().min(1).max(8).default(4),
  demandQuantile: z.number().min(0.5).max(0.99).default(0.8),
  mostOwnUnmetShare: z.number().min(0).max(1).nullable().default(null),
  reciprocityHours: z.number().min(0).max(100_000).default(40),
  mostLentHours: z.number().min(0).max(100_000).nullable().default(null),
  lendableShare: z.number().min(0).max(1).default(0.2),
  services: z.array(serviceCode).min(1).max(20).optional(),
  leaveOut: z.array(practiceId).max(30).default([]),
  demandFrom: z.enum(['forecast', 'last-weeks']).default('forecast'),
});
export type QuotaQuestion = z.output<typeof quotaQuestion>;
