import { z } from 'zod';
import { type Question, ask } from '../api/ask';

const papersState = z.enum(['valid', 'expiring', 'missing']);
const partnership = z.object({ id: z.string(), name: z.string(), members: z.array(z.string()), papers: z.array(z.object({ practice: z.string(), kind: z.string(), state: papersState, expiresOn: z.iso.date().nullable(), owner: z.string().nullable() })) });
const partnerships = z.object({ items: z.array(z.object({ id: z.string() })) });

const plan = z.object({ id: z.string(), practice: z.string(), reason: z.string(), state: z.enum(['notice', 'withdrawn', 'leaving', 'left', 'closed']), givenBy: z.string(), exitAt: z.iso.datetime().nullable() });
const planWhole = plan.extend({ checklist: z.array(z.object({ item: z.string(), done: z.boolean(), evidence: z.string() })), certificate: z.object({ sha256: z.string() }).nullable() });
const plans = z.object({ items: z.array(plan) });

export type Partnership = z.output<typeof partnership>;
export type ExitPlan = z.output<typeof planWhole>;
export const writtenItems = { 'patients-told': 'Patients were told', 'final-statement': 'Last cost statement', 'records-kept': 'Who keeps which records' } as const;
export type WrittenItem = keyof typeof writtenItems;

const place = '/api/scheduling/v1';
/** Of one's own practice; null: it is in none. */
export async function askPartnership(question: Question): Promise<Partnership | null> {
  const [own] = (await ask(`${place}/partnerships`, partnerships, question)).items;
  return own ? ask(`${place}/partnerships/${own.id}`, partnership, question) : null;
}
/** Plans that are under way, or were closed; what was taken back is left out. */
export async function askExitPlans(question: Question): Promise<ExitPlan[]> {
  const known = (await ask(`${place}/exit-plans`, plans, question)).items.filter(({ state }) => state !== 'withdrawn');
  return Promise.all(known.map(({ id }) => ask(`${place}/exit-plans/${id}`, planWhole, question)));
}
export const giveNotice = (reason: string): Promise<ExitPlan> => ask(`${place}/exit-plans`, planWhole, { method: 'POST', body: { reason } });
export const stepOfExit = (id: string, step: 'confirm' | 'withdraw' | 'honour' | 'close'): Promise<ExitPlan> => ask(`${place}/exit-plans/${id}/${step}`, planWhole, { method: 'POST', body: {} });
export const giveEvidence = (id: string, item: WrittenItem, evidence: string): Promise<ExitPlan> => ask(`${place}/exit-plans/${id}/evidence`, planWhole, { method: 'POST', body: { item, evidence } });
