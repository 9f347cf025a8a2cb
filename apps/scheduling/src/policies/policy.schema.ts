import { language, modality } from '@slotmesh/contracts';
import { z } from 'zod';
import type { Policy } from './domain/policy';
import { choicesOf } from './domain/questions';

export const payer = z.string().trim().min(1).max(100);
const words = z.strictObject({ en: z.string().trim().min(1).max(500), es: z.string().trim().min(1).max(500) } satisfies Record<z.output<typeof language>, z.ZodType>);
const questionId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, 40 at most');
const years = z.int().min(0).max(130).nullable().default(null);

const question = z.strictObject({
  id: questionId, text: words, kind: z.enum(['yes-no', 'choice', 'text']),
  choices: z.array(z.string().trim().min(1).max(100)).max(20).default([]),
  required: z.boolean().default(false),
  /** Answers that stop the booking; the patient is told the instruction, such as to call 911 or the nurse line. */
  redFlag: z.strictObject({ when: z.array(z.string().min(1).max(100)).min(1).max(20), instruction: words }).nullable().default(null),
}).refine(({ kind, choices }) => (kind === 'choice') === choices.length > 0, { path: ['choices'], message: 'are what a choice has, two or more, and no other kind' })
  .refine(({ redFlag, required }) => redFlag === null || required, { path: ['required'], message: 'must be true where there is a red flag: who does not ask cannot see it' })
  .refine((asked) => asked.redFlag === null || asked.redFlag.when.every((answer) => choicesOf(asked)?.includes(answer)), { path: ['redFlag', 'when'], message: 'must be answers that the question has; a text has none' });

/** Policy of a visit type; it is kept as it is given here and read back by the same schema. */
export const visitTypePolicy = z.strictObject({
  /** For whom: a patient is established who had a fulfilled visit with the practice in the 36 months before (CPT). */
  patients: z.enum(['any', 'new', 'established']).default('any'),
  newPatientModalities: z.array(modality).min(1).max(3).nullable().default(null),
  referralRequired: z.boolean().default(false),
  /** A referral whose authorisation covers the day of the visit. */
  authorisationRequired: z.boolean().default(false),
  payers: z.array(payer).min(1).max(50).nullable().default(null),
  providerSpeaksLanguage: z.boolean().default(false),
  minAgeYears: years, maxAgeYears: years,
  /** Whoever calls off or moves a visit later than this many hours (60 minutes each) before its start is marked; it stays possible. */
  cancellationWindowHours: z.int().min(1).max(336).nullable().default(null),
  /** More marks than `max` within so many days (24 hours each) before now: the own desk books with a reason only, and the patient's own page moves nothing. Partners are not refused by it. */
  marks: z.strictObject({ max: z.int().min(0).max(20), withinDays: z.int().min(1).max(1096) }).nullable().default(null),
  questions: z.array(question).max(20).default([]),
}).refine(({ minAgeYears: min, maxAgeYears: max }) => min === null || max === null || min <= max, { path: ['maxAgeYears'], message: 'must not be less than minAgeYears' })
  .refine(({ questions }) => new Set(questions.map(({ id }) => id)).size === questions.length, { path: ['questions'], message: 'must not use an id twice' });

/** A stored policy, or null: none. */
export const storedPolicy = (stored: unknown): Policy | null => (stored === null ? null : visitTypePolicy.parse(stored));

/** What a patient answered, by question; true and false stand for yes and no. */
export const answersBody = z.record(questionId, z.union([z.string().trim().min(1).max(500), z.boolean().transform((yes) => (yes ? 'yes' : 'no'))]))
  .refine((answers) => Object.keys(answers).length <= 20, { message: 'must not be more than 20' });
