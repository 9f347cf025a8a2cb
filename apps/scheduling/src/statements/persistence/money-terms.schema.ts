import { localDate, practiceId, zone } from '@slotmesh/contracts';
import type { PracticeId } from '@slotmesh/kernel';
import { z } from 'zod';
import { allocationMethods } from '../domain/allocation-method';
import { MOST_CENTS, type Cents, type CentsPerHour, type ContractedMinutes, type FteHundredths } from '../domain/money';
import { type CostId, type MoneyTerms, type SharedCost, faultsOf } from '../domain/money-terms';
import { periodKinds } from '../domain/period';
import { byCode } from '../domain/split';
import { AllocationNotAllowed } from '../domain/statement.errors';

const whole = <T extends number>(most: number, description: string) => z.int().min(0).max(most).meta({ description }).transform((value) => value as T);
const inCents = (description: string) => whole<Cents>(MOST_CENTS, description);
export const costId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and hyphens, 63 at most').transform((text) => text as CostId);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lower-case hexadecimal digits');
export const documentReference = z.string().trim().min(1).max(300).meta({ description: 'where the document is kept: a reference, not the document' });
const evidence = z.strictObject({ document: documentReference, sha256, dated: localDate, expires: localDate.meta({ description: 'the last day on which it shows the price or the basis to be right' }) });
const parties = <T extends { readonly practice: PracticeId }>(part: z.ZodType<T>) => z.array(part).min(1).max(50).transform((all) => [...all].sort((a, b) => byCode(a.practice, b.practice)));

const named = { id: costId, name: z.string().trim().min(1).max(80), yearlyBudgetCents: inCents('cents for each year of the money terms') };
const cost = z.discriminatedUnion('method', [
  z.strictObject({ ...named, method: z.literal('equal') }),
  z.strictObject({ ...named, method: z.literal('provider-fte'), fte: parties(z.strictObject({ practice: practiceId, hundredths: whole<FteHundredths>(1_000_000, 'full-time equivalents in hundredths') })), evidence }),
  z.strictObject({ ...named, method: z.literal('contracted-hours'), providedBy: practiceId, 
    hours: parties(z.strictObject({ practice: practiceId, minutesPerPeriod: whole<ContractedMinutes>(1_000_000, 'contracted minutes of room or staff for each period'), centsPerHour: whole<CentsPerHour>(10_000_000, 'fair-market price of an hour') })), evidence }),
  z.strictObject({ ...named, method: z.literal('fixed'), providedBy: practiceId, amounts: parties(z.strictObject({ practice: practiceId, centsPerPeriod: inCents('what the practice owes in each period') })), evidence }),
]);
const methodAsked = z.looseObject({ method: z.string() });

/** Throws AllocationNotAllowed for a method that is none of the closed list: the reason is the law and deserves its own sentence. */
export const sharedCost: z.ZodType<SharedCost> = z.preprocess((given) => {
  const { success, data } = methodAsked.safeParse(given);
  if (success && !allocationMethods.some((method) => method === data.method)) throw new AllocationNotAllowed(data.method.slice(0, 40));
  return given;
}, cost);

/** Section `money` of an agreement's terms. Amounts in whole US cents, time in whole minutes, dates by the calendar of `zone`, `until` not included. */
export const moneyTerms = z.strictObject({ parties: z.array(practiceId).min(2).max(50), zone, from: localDate, until: localDate, period: z.enum(periodKinds), costs: z.array(sharedCost).min(1).max(100) })
  .transform(({ costs, parties: sharing, ...terms }): MoneyTerms => ({ ...terms, parties: [...new Set(sharing)].sort(byCode), costs: [...costs].sort((a, b) => byCode(a.id, b.id)) }))
  .superRefine((terms, context) => faultsOf(terms).forEach(({ path, message }) => context.addIssue({ code: 'custom', path: [...path], message })));
