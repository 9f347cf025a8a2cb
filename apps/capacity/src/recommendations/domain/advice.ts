import { z } from 'zod';

export const adviceKind = z.enum(['referrals-without-visit', 'overdue-recalls', 'rising-wait', 'sooner-at-partners', 'searches-in-vain', 'missed-visits', 'time-to-lend', 'shared-time-unused']);
export type AdviceKind = z.output<typeof adviceKind>;
/** What it is about, in this order: harm that nobody may see, how long patients wait, how time is used. */
const ORDER: Readonly<Record<AdviceKind, 1 | 2 | 3>> = {
  'referrals-without-visit': 1, 'overdue-recalls': 1, 'rising-wait': 2, 'sooner-at-partners': 2, 'searches-in-vain': 2, 'missed-visits': 3, 'time-to-lend': 3, 'shared-time-unused': 3,
};

/** Measured: the numbers say it themselves. Published: others found it, here it may be otherwise. Unknown: nobody can say. */
export const sureness = z.enum(['measured', 'published', 'unknown']);
export const advice = z.object({
  kind: adviceKind,
  service: z.string().nullable(),
  /** What to do, and why, with the numbers. */
  title: z.string(), reason: z.string(),
  /** The measure that should change, what it is now, and what is expected of it; null: nothing can be said. */
  measure: z.string().nullable(), now: z.number().nullable(), unit: z.string().nullable(),
  expected: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  cost: z.string(), sure: sureness,
  /** About how many patients it touches in four weeks. */
  patients: z.number(),
});
export type Advice = z.output<typeof advice>;

/** First what may harm, then waits, then use; among these what touches more patients. */
export const ranked = <One extends Pick<Advice, 'kind' | 'patients'>>(list: readonly One[]): One[] => [...list].sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || b.patients - a.patients || (a.kind < b.kind ? -1 : 1));
