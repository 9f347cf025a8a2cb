import { z } from 'zod';
import { type Question, ask } from '../api/ask';

const summary = z.object({ version: z.number(), status: z.string(), effectiveFrom: z.iso.datetime(), effectiveTo: z.iso.datetime().nullable(), endedBecause: z.string().nullable(), endedNote: z.string().nullable() });
const version = summary.extend({
  agreement: z.string(), hash: z.string().nullable(), authors: z.array(z.string()), proposedBy: z.string().nullable(), difference: z.array(z.object({ path: z.string(), text: z.string() })),
  signatures: z.array(z.object({ practice: z.string(), subject: z.string(), step: z.string(), signedAt: z.iso.datetime() })), awaited: z.array(z.object({ practice: z.string(), step: z.string() })),
});
const rule = z.object({ id: z.string(), host: z.string(), services: z.array(z.string()).nullable(), dailyQuota: z.number().nullable(), opensDaysBefore: z.number().nullable(), returnsHoursBefore: z.number().nullable() });
const agreementsPage = z.object({
  items: z.array(version.extend({ id: z.string(), name: z.string(), practices: z.array(z.string()), rules: z.array(rule), versions: z.array(summary), notices: z.array(z.object({ practice: z.string(), reason: z.string(), endsAt: z.iso.datetime().nullable() })) })),
});
const amount = z.object({ hours: z.number() }).nullable();
const balances = z.object({ items: z.array(z.object({ agreement: z.string(), practice: z.string(), offered: amount, used: amount, returned: amount, wasted: amount })) });

export type AgreementVersion = z.output<typeof version>;
export type Agreement = z.output<typeof agreementsPage>['items'][number];
export type ShareRule = z.output<typeof rule>;
export type Balance = z.output<typeof balances>['items'][number];

const place = '/api/scheduling/v1/agreements';
export const askAgreements = async (question: Question): Promise<Agreement[]> => (await ask(place, agreementsPage, question)).items;
export const askVersion = (id: string, number: number, question: Question): Promise<AgreementVersion> => ask(`${place}/${id}/versions/${number}`, version, question);
export const askBalances = async (question: Question): Promise<Balance[]> => (await ask('/api/scheduling/v1/ledger/balances', balances, question)).items;
export const approve = (read: AgreementVersion): Promise<AgreementVersion> => ask(`${place}/${read.agreement}/approve`, version, { method: 'POST', body: { version: read.version, hash: read.hash } });
export const decline = (read: AgreementVersion, reason: string): Promise<AgreementVersion> => ask(`${place}/${read.agreement}/decline`, version, { method: 'POST', body: { version: read.version, reason } });
