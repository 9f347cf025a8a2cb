import { localDate, practiceId, workDesk } from '@slotmesh/contracts';
import { z } from 'zod';

/** People of one party who may work lists of another, each by name; whoever is not named may not. */
export const staffAccessTerms = z.array(z.strictObject({
  /** Whose lists are worked. */
  practice: practiceId,
  /** The person, as the sign-in provider names them. A system is no person. */
  subject: z.string().trim().min(1).max(255).refine((subject) => !subject.startsWith('client:'), 'must name a person'),
  /** The party whose staff the person is; once they are not, they may not any more. */
  of: practiceId,
  desks: z.array(workDesk).min(1).max(10).transform((desks) => [...new Set(desks)].sort()),
  /** The last date (UTC) on which they may; null: as long as the agreement is in force. */
  until: localDate.nullable().default(null),
})).max(200);
