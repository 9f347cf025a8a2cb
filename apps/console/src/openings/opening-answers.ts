import { z } from 'zod';
import { type Question, ask } from '../api/ask';

const named = z.object({ id: z.string(), name: z.string() });
const opening = z.object({
  id: z.string(),
  service: z.string(),
  /** Null, like the provider, where another system publishes the time. */
  visitType: named.extend({ durationMinutes: z.number(), modality: z.string() }).nullable(),
  practice: z.string(),
  site: named,
  provider: named.nullable(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  zone: z.string(),
  bookable: z.enum(['hold', 'link', 'phone']),
  link: z.url({ protocol: /^https$/ }).optional(),
  phone: z.string().optional(),
  why: z.string(),
});
export type Opening = z.output<typeof opening>;

const openingsPage = z.object({ items: z.array(opening), nextCursor: z.string().nullable(), leftOut: z.array(z.object({ reason: z.string(), count: z.number() })).default([]) });
export type OpeningsPage = z.output<typeof openingsPage>;

const catalogue = z.object({ items: z.array(z.object({ code: z.string(), name: z.union([z.string(), z.record(z.string(), z.string())]) })) });
export interface Service {
  readonly code: string;
  readonly name: string;
}

export async function askServices(question: Question): Promise<Service[]> {
  const { items } = await ask('/api/scheduling/v1/services', catalogue, question);
  return items.map(({ code, name }) => ({ code, name: typeof name === 'string' ? name : (name['en'] ?? Object.values(name)[0] ?? code) }));
}

export const askOpenings = (query: URLSearchParams, question: Question): Promise<OpeningsPage> => ask(`/api/scheduling/v1/openings?${query}`, openingsPage, question);
