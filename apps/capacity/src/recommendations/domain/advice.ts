import { z } from 'zod';

export const adviceKind = z.enum(['referrals-without-visit', 'overdue-recalls', 'rising-wait', 'sooner-at-partners', 'searches-in-vain', 'missed-visits', 'time-to-lend', 'shared-time-unused', 'share-time', 'add-time-first', 'release-slots']);
export type AdviceKind = z.output<typeof adviceKind>;
/** What is looked for each week in a whole partnership; all else each day in a practice. */
export const WEEKLY: readonly AdviceKind[] = ['share-time', 'add-time-first', 'release-slots'];
export const DAILY: readonly AdviceKind[] = adviceKind.options.filter((kind) => !WEEKLY.includes(kind));
/** What it is about, in this order: harm that nobody may see, how long patients wait, how time is used. */
const ORDER: Readonly<Record<AdviceKind, 1 | 2 | 3>> = {
  'referrals-without-visit': 1, 'overdue-recalls': 1, 'rising-wait': 2, 'sooner-at-partners': 2, 'searches-in-vain': 2, 'missed-visits': 3, 'time-to-lend': 3, 'shared-time-unused': 3, 'share-time': 2, 'add-time-first': 2, 'release-slots': 3,
};

/** Measured: the numbers say it themselves. Simulated: a model says it of what was counted. Published: others found it, here it may be otherwise. Unknown: nobody can say. */
export const sureness = z.enum(['measured', 'simulated', 'published', 'unknown']);
export const advice = z.object({
  kind: adviceKind,
  service: z.string().nullable(),
  /** What to do, and why, with the numbers. */
  title: z.string(), reason: z.string(),
  /** The measure that should change, what it is now, and what is expected of it; null: nothing can be said. */
  measure: z.string().nullable(), now: z.number().nullable(), unit: z.string().nullable(),
  expected: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  /** What it would do beyond the measure of the practice itself, such as to the busiest practice of the partnership; without ends where these would tell too much of a partner (P18). */
  effect: z.object({ what: z.string(), value: z.number(), low: z.number().nullable(), high: z.number().nullable() }).optional(),
  /** The quota plan by which it would be agreed. */
  plan: z.uuid().optional(),
  cost: z.string(), sure: sureness,
  /** About how many patients it touches in four weeks. */
  patients: z.number(),
});
export type Advice = z.output<typeof advice>;

/** Kinds from what comes first to what comes last; those with one number stand together. */
export const orderOf = (kind: AdviceKind): number => ORDER[kind];

/** First what may harm, then waits, then use; among these what touches more patients. */
export const ranked = <One extends Pick<Advice, 'kind' | 'patients'>>(list: readonly One[]): One[] => [...list].sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || b.patients - a.patients || (a.kind < b.kind ? -1 : 1));
