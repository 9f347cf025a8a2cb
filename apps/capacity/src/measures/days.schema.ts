import { type LocalDate, daysBetween } from '@slotmesh/kernel';
import type { z } from 'zod';

/** Refuses a `to` before `from`, and more than `most` dates with both of them. */
export const daysWithin = (most: number) => ({ from, to }: { readonly from: LocalDate; readonly to: LocalDate }, context: z.core.$RefinementCtx): void => {
  const days = daysBetween(from, to);
  if (days < 0) context.addIssue({ code: 'custom', path: ['to'], message: 'must not lie before from' });
  if (days >= most) context.addIssue({ code: 'custom', path: ['to'], message: `must lie within ${most} days of from` });
};
