import { z } from 'zod';
import { type Question, ask } from '../api/ask';

const networkState = z.object({ ready: z.boolean(), services: z.array(z.object({ service: z.string(), ready: z.boolean(), detail: z.string() })) });
export type NetworkState = z.output<typeof networkState>;

const parkedPage = z.object({ items: z.array(z.object({ state: z.enum(['waiting', 'dead']) })), nextCursor: z.string().nullable() });
const practices = z.object({ items: z.array(z.object({ id: z.string(), name: z.string(), zone: z.string().optional() })) });
const agreements = z.object({
  items: z.array(z.object({ id: z.string(), version: z.number(), status: z.string(), practices: z.array(z.string()), effectiveFrom: z.iso.datetime(), effectiveTo: z.iso.datetime().nullable() })),
});
const notices = z.object({ items: z.array(z.object({ about: z.string(), text: z.string() })) });
export type Notice = z.output<typeof notices>['items'][number];
export type Practice = z.output<typeof practices>['items'][number];
export type Agreement = z.output<typeof agreements>['items'][number];

/** A page of parked events is enough to say how many there are, or that there are more. */
export const PARKED_COUNTED = 200;
export interface ParkedCount {
  readonly waiting: number;
  readonly dead: number;
  readonly more: boolean;
}

/** 503 is an answer: it says which service is not ready. */
export const askNetwork = (question: Question): Promise<NetworkState> => ask('/health/ready', networkState, { ...question, answers: [503] });
export const askPractices = async (question: Question): Promise<Practice[]> => (await ask('/api/scheduling/v1/practices', practices, question)).items;
export const askAgreements = async (question: Question): Promise<Agreement[]> => (await ask('/api/scheduling/v1/agreements', agreements, question)).items;

export const askNotices = async (question: Question): Promise<Notice[]> => (await ask('/api/scheduling/v1/notices', notices, question)).items;

export async function askParked(service: string, question: Question): Promise<ParkedCount> {
  const { items, nextCursor } = await ask(`/api/${service}/v1/parked-events?limit=${PARKED_COUNTED}`, parkedPage, question);
  const dead = items.filter(({ state }) => state === 'dead').length;
  return { waiting: items.length - dead, dead, more: nextCursor !== null };
}
