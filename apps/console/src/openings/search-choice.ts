import { z } from 'zod';

export const partsOfDay = ['morning', 'afternoon', 'evening'] as const;
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const choice = z.object({
  service: z.string().min(1),
  from: isoDate.optional().catch(undefined),
  days: z.coerce.number().int().min(1).max(120).catch(14),
  practice: z.string().min(1).optional(),
  partOfDay: z.enum(partsOfDay).optional().catch(undefined),
});
export type SearchChoice = z.output<typeof choice>;

/** What the page's address asks for; null where no service is chosen yet. */
export function choiceOf(query: URLSearchParams): SearchChoice | null {
  const given = Object.fromEntries([...query].filter(([, value]) => value !== ''));
  const parsed = choice.safeParse(given);
  return parsed.success ? parsed.data : null;
}

const DAY_MS = 86_400_000;

/** The question for the API. The day begins at midnight where the desk is; hours of today that are over are never offered. */
export function queryOf({ service, from, days, practice, partOfDay }: SearchChoice, now: number, cursor: string | null): URLSearchParams {
  const chosen = from ? new Date(`${from}T00:00:00`).getTime() : now;
  const start = new Date(Math.max(Number.isNaN(chosen) ? now : chosen, now));
  const query = new URLSearchParams({ service, from: start.toISOString(), to: new Date(start.getTime() + days * DAY_MS).toISOString(), limit: '50' });
  if (practice) query.set('practice', practice);
  if (partOfDay) query.set('partOfDay', partOfDay);
  if (cursor) query.set('cursor', cursor);
  return query;
}
