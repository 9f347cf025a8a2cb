import { z } from 'zod';

export const periods = ['weeks', 'months', 'days'] as const;
export type Period = (typeof periods)[number];

const code = z.string().regex(/^[a-z0-9-]{1,80}$/);
const choice = z.object({ period: z.enum(periods).catch('weeks'), service: code.optional().catch(undefined), compare: code.catch('third-next-available'), compareService: code.optional().catch(undefined), whatIf: z.uuid().optional().catch(undefined) });
export type PlanningChoice = z.output<typeof choice>;

/** What the page's address asks for, so that a view can be bookmarked and sent to a colleague; what cannot be meant is as if it were not there. */
export const planningChoiceOf = (query: URLSearchParams): PlanningChoice => choice.parse(Object.fromEntries([...query].filter(([, value]) => value !== '')));

/** The address of a changed choice; what is not changed stays. */
export function planningPath(before: PlanningChoice, changed: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...before, ...changed })) if (value) query.set(name, value);
  return `/console/planning?${query}`;
}
