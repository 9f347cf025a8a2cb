import { localDate, localTime, practiceId, providerId, serviceCode, siteId, visitTypeId } from '@slotmesh/contracts';
import { z } from 'zod';
import { payer } from '../../policies/policy.schema';

/** Farther ahead nobody publishes time. */
const LONGEST_DAYS = 3_660;
const MOST_VISITS = 1_000_000;

/** A share rule as it stands in an agreement's row: plain JSON, read back into the domain's ShareRule. */
export const shareRule = z.object({
  id: z.string().min(1),
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
  weeklyQuota: z.int().nonnegative().nullable().optional(),
  dailySharePercent: z.int().min(0).max(100).nullable().optional(),
  networkDaysBefore: z.int().nonnegative().nullable().optional(),
  ownFirstDays: z.int().nonnegative().max(120).nullable().optional(),
  guardDays: z.int().nonnegative().max(30).nullable().optional(),
  leastPerDay: z.int().positive().nullable().optional(),
  onlyFor: z.array(z.enum(['new-patients', 'referrals'])).min(1).nullable().optional(),
  notPayers: z.array(payer).optional(),
  noContract: z.array(payer).optional(),
});
/** A rule as somebody proposes it: where nothing is said, unused time returns two hours before, because an early return costs access. */
export const newShareRule = shareRule.extend({
  // Its counts stand in the database by this name.
  id: z.string().min(1).max(100),
  returnsHoursBefore: z.number().nonnegative().max(LONGEST_DAYS * 24).nullable().default(2),
  opensDaysBefore: z.int().nonnegative().max(LONGEST_DAYS).nullable().default(null),
  networkDaysBefore: z.int().nonnegative().max(LONGEST_DAYS).nullable().optional(),
  dailyQuota: z.int().nonnegative().max(MOST_VISITS).nullable().default(null),
  weeklyQuota: z.int().nonnegative().max(MOST_VISITS).nullable().optional(),
  leastPerDay: z.int().positive().max(MOST_VISITS).nullable().optional(),
});
export const shareRules = z.array(shareRule);
export type ShareRuleRow = z.input<typeof shareRule>;
