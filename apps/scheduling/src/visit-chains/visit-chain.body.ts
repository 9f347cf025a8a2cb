import { instantText, openingId, patientId, practiceId, providerId, referralId, serviceCode, visitTypeId } from '@slotmesh/contracts';
import { z } from 'zod';
import { answersBody } from '../policies/policy.schema';
import { writtenReason } from '../shared/written-reason';
import type { Gap } from './domain/gap';
import { distance } from './gap.schema';

export const MOST_STEPS = 6;
const gap = { minGap: distance.default({ minutes: 0 }), maxGap: distance.nullable().default(null) };
const inOrder = ({ minGap, maxGap }: { readonly minGap: z.output<typeof distance>; readonly maxGap: z.output<typeof distance> | null }): boolean =>
  maxGap === null || !(('minutes' in minGap && 'minutes' in maxGap && minGap.minutes > maxGap.minutes) || ('days' in minGap && 'days' in maxGap && minGap.days > maxGap.days));
const NOT_IN_ORDER = { path: ['maxGap'], message: 'must not be less than minGap' };
const override = z.object({ reason: writtenReason }).optional();

export const searchBody = z.strictObject({
  steps: z.array(z.strictObject({ service: serviceCode.optional(), visitType: visitTypeId.optional(), practice: practiceId.optional(), provider: providerId.optional(), ...gap })
    .refine((step) => (step.service === undefined) !== (step.visitType === undefined), { path: ['service'], message: 'give either service or visitType' }).refine(inOrder, NOT_IN_ORDER)).min(2).max(MOST_STEPS),
  patient: patientId.optional(), from: instantText.optional(), to: instantText.optional(), limit: z.int().min(1).max(20).default(5),
});
export const bookBody = z.strictObject({
  steps: z.array(z.strictObject({ opening: openingId, ...gap, answers: answersBody.optional(), referral: referralId.optional() }).refine(inOrder, NOT_IN_ORDER)).min(2).max(MOST_STEPS),
  patient: patientId, reason: z.string().trim().min(1).max(500).optional(), confidential: z.boolean().default(false), override,
  despiteMarks: z.strictObject({ reason: writtenReason }).optional(),
});
export const moveBody = z.strictObject({
  from: z.int().min(1).max(MOST_STEPS).default(1), steps: z.array(z.strictObject({ opening: openingId, answers: answersBody.optional(), version: z.int().min(1).optional() })).min(1).max(MOST_STEPS), breakGaps: z.boolean().default(false), override,
});
export const cancelBody = z.strictObject({ from: z.int().min(1).max(MOST_STEPS).default(1), reason: z.string().regex(/^[a-z][a-z-]{1,30}$/, 'must be a code such as pat, prov or oth').default('oth') });

/** Of each step after the first, from the one before; what the first says follows nothing. */
export const gapsOf = (steps: readonly { readonly minGap: Gap['min']; readonly maxGap: Gap['max'] }[]): Gap[] => steps.slice(1).map(({ minGap: min, maxGap: max }) => ({ min, max }));
