import { agreementId, localDate, practiceId, zone } from '@slotmesh/contracts';
import { z } from 'zod';
import { allocationMethods } from '../domain/allocation-method';
import { cents } from '../domain/money';
import { PERIOD_CODE, type PeriodCode } from '../domain/period';
import type { StatementInputs, StatementResult } from '../domain/statement';
import { costId, documentReference, sha256, sharedCost } from './money-terms.schema';

export const periodCode = z.string().regex(PERIOD_CODE, 'must be a month, such as 2027-01, or a quarter, such as 2027-Q1').transform((text) => text as PeriodCode);
const amount = z.int().transform(cents);
const share = z.strictObject({ practice: practiceId, amount });

/** As they lie in a statement's row and are shown: plain JSON. */
export const statementInputs: z.ZodType<StatementInputs> = z.strictObject({
  agreement: agreementId, version: z.int().positive(), zone, period: z.strictObject({ code: periodCode, from: localDate, until: localDate }),
  parties: z.array(z.strictObject({ practice: practiceId, name: z.string() })), costs: z.array(sharedCost),
  lines: z.array(z.strictObject({ id: z.uuid(), cost: costId, paidBy: practiceId, amount, fell: periodCode, corrects: z.uuid().nullable(), reason: z.string().nullable(), document: documentReference, sha256, dated: localDate })),
});
export const statementResult: z.ZodType<StatementResult> = z.strictObject({
  costs: z.array(z.strictObject({ cost: costId, name: z.string(), method: z.enum(allocationMethods), total: amount, paid: z.array(share), shares: z.array(share) })),
  parties: z.array(z.strictObject({ practice: practiceId, paid: amount, share: amount, net: amount })),
  transfers: z.array(z.strictObject({ from: practiceId, to: practiceId, amount })),
});
