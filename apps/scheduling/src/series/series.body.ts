import { localDate, localTime, openingId, patientId, providerId, referralId } from '@slotmesh/contracts';
import type { LocalDate } from '@slotmesh/kernel';
import { z } from 'zod';
import { answersBody } from '../policies/policy.schema';
import { writtenReason } from '../shared/written-reason';
import type { Replacement } from './domain/planned-visit';
import { MOST_VISITS } from './domain/recurrence';

const dates = z.array(localDate).max(MOST_VISITS).default([]);
const replacements = z.record(z.string(), z.union([openingId.transform((opening) => ({ opening })), z.strictObject({ opening: openingId, answers: answersBody.optional() })])).default({}).transform((named, context): ReadonlyMap<LocalDate, Replacement> => {
  const found = new Map<LocalDate, Replacement>();
  for (const [text, replacement] of Object.entries(named)) {
    const { data } = localDate.safeParse(text);
    if (data === undefined || found.size >= MOST_VISITS) context.addIssue({ code: 'custom', message: 'must name planned dates, such as 2026-11-23', path: [text] });
    else found.set(data, replacement);
  }
  return found;
});
const override = z.object({ reason: writtenReason }).optional();
const what = {
  rule: z.string().min(1).max(200), opening: openingId, patient: patientId, reason: z.string().trim().min(1).max(500).optional(), referral: referralId.optional(), answers: answersBody.optional(), confidential: z.boolean().default(false),
  replacements, without: dates, override,
  despiteMarks: z.strictObject({ reason: writtenReason }).optional(),
};

export const previewBody = z.strictObject(what);
export const seriesBody = z.strictObject({ ...what, onClash: z.enum(['report', 'skip']).default('report') });
export const cancelBody = z.strictObject({ from: localDate, reason: z.string().regex(/^[a-z][a-z-]{1,30}$/, 'must be a code such as pat, prov or oth').default('oth') });
const shift = z.strictObject({ days: z.int().min(-366).max(366).default(0), weekday: z.int().min(1).max(7).nullable().default(null), time: localTime.nullable().default(null), provider: providerId.nullable().default(null) });
export const rescheduleBody = z.strictObject({ from: localDate, opening: openingId.optional(), shift: shift.optional(), withMoved: z.boolean().default(false), replacements, without: dates, override })
  .refine((body) => (body.opening === undefined) !== (body.shift === undefined), { message: 'give either opening or shift', path: ['opening'] });
