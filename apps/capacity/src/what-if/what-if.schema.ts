import { z } from 'zod';

const name = z.string().min(1).max(64);
const share = z.number().min(0).max(1);
const days = z.int().min(0).max(250);
const rules = z.strictObject({ share: share.optional(), releaseDays: days.optional(), soonerDays: days.optional(), guardDays: days.nullable().optional() });

/** What may be tried, as it is posted. */
export const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rules'), rules }),
  z.strictObject({ kind: z.literal('add-slots'), practice: name, slotsPerDay: z.number().min(0.1).max(200) }),
  z.strictObject({ kind: z.literal('partner-leaves'), practice: name }),
  z.strictObject({ kind: z.literal('partner-joins'), practice: name }),
  z.strictObject({ kind: z.literal('demand'), practice: name.nullable(), factor: z.number().min(0.2).max(3) }),
]);

/** A question to the simulator, as it is posted and kept. */
export const whatIfQuestion = z.strictObject({
  practices: z.array(z.strictObject({ id: name, slotsPerDay: z.number().min(1).max(300), load: z.number().min(0).max(3), neighbours: z.record(name, share).optional() })).min(1).max(20).optional(),
  rules: rules.optional(),
  changes: z.array(change).min(1).max(20).optional(),
  advice: z.literal(true).optional(),
  runs: z.int().min(20).max(200).default(60),
  seed: z.int().min(0).max(2_147_483_647).default(1),
}).superRefine(({ practices, changes, advice }, context) => {
  if ((changes === undefined) === (advice === undefined)) context.addIssue({ code: 'custom', path: ['changes'], message: 'must be given, or "advice": true in its place, and not both' });
  const ids = practices?.map(({ id }) => id) ?? [];
  if (new Set(ids).size !== ids.length) context.addIssue({ code: 'custom', path: ['practices'], message: 'must name a practice once' });
  if (ids.includes('together')) context.addIssue({ code: 'custom', path: ['practices'], message: 'must not be called "together": that names the line over all' });
  practices?.forEach(({ neighbours = {} }, i) => {
    if (Object.keys(neighbours).some((id) => !ids.includes(id))) context.addIssue({ code: 'custom', path: ['practices', i, 'neighbours'], message: 'must name practices of the list' });
  });
});
export type WhatIfQuestion = z.output<typeof whatIfQuestion>;
