import { localDate, localTime, practiceId, providerId, serviceCode, siteId, visitTypeId } from '@slotmesh/contracts';
import { z } from 'zod';
import type { ShareRule } from './domain/share-rule';

/** Rules as they lie in `agreement.rules` and travel over HTTP. An absent field is null: a selector that covers all, a limit that does not limit. */
export const shareRule = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,63}$/, 'lower-case letters, digits and hyphens, 63 at most'),
  host: practiceId,
  partners: z.array(practiceId).nullable().default(null),
  visitTypes: z.array(visitTypeId).nullable().default(null),
  services: z.array(serviceCode).nullable().default(null),
  sites: z.array(siteId).nullable().default(null),
  providers: z.array(providerId).nullable().default(null),
  opensDaysBefore: z.int().nonnegative().nullable().default(null),
  returnsHoursBefore: z.number().nonnegative().nullable().default(null),
  dailyQuota: z.int().nonnegative().nullable().default(null),
  blackoutDates: z.array(localDate).default([]),
  hours: z.array(z.object({ weekdays: z.array(z.int().min(1).max(7)).nullable().default(null), from: localTime, to: localTime })).nullable().default(null),
});
export const shareRules: z.ZodType<ShareRule[], unknown> = z.array(shareRule);
export type ShareRuleText = z.input<typeof shareRule>;
