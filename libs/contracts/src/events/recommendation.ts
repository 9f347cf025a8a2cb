import { z } from 'zod';
import { instantText, practiceId, recommendationId } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

const about = z.object({
  id: recommendationId, practice: practiceId,
  /** What it is about, such as `rising-wait`; more may come. */
  kind: z.string(),
  /** A service or, of overdue recalls, their kind; null: of the whole practice. */
  service: z.string().nullable(),
});
/** A measure that should change, in its unit; null: nothing can be said. */
const expectation = z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable();

/** What a practice is advised, as it was first said: numbers and words about services and practices, nothing of a patient. */
export const recommendationMade = about.extend({
  title: z.string(), reason: z.string(), cost: z.string(),
  measure: z.string().nullable(), now: z.number().nullable(), unit: z.string().nullable(), expected: expectation,
  /** `measured`, `simulated`, `published` or `unknown`; more may come. */
  sure: z.string(),
  /** About so many it touches in four weeks. */
  patients: z.number(),
  /** The quota plan that it points to. */
  plan: z.uuid().nullable(),
});

export const RecommendationMade = defineEvent(topics.recommendation, 'made', 'The numbers of a practice say that something should be done.', recommendationMade);
export const RecommendationWithdrawn = defineEvent(topics.recommendation, 'withdrawn', 'What was advised no longer holds by the numbers, and nobody had decided on it.', about.extend({ at: instantText }));
export const RecommendationDecided = defineEvent(topics.recommendation, 'decided', 'A person took or dismissed what was advised. What they wrote about it stays in capacity.', about.extend({ decision: z.enum(['taken', 'dismissed']), at: instantText }));
export const RecommendationMeasured = defineEvent(topics.recommendation, 'measured', 'What was taken is four weeks old: the measure in the four weeks before and after. That one followed the other does not say that it was its work.', about.extend({
  measure: z.string(), decidedAt: instantText, until: instantText, before: z.number().nullable(), after: z.number().nullable(), expected: expectation,
}));
