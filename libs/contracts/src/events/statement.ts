import { z } from 'zod';
import { agreementId, instantText, practiceId } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

/** A cost statement after the change: which and how far it is. Amounts are for its parties alone and are read over HTTP. */
export const statementSnapshot = z.object({
  id: z.uuid(),
  agreement: agreementId,
  agreementVersion: z.int().positive(),
  /** A month, `2027-01`, or a quarter, `2027-Q1`. */
  period: z.string(),
  practices: z.array(practiceId),
  state: z.enum(['drafted', 'disputed', 'final', 'withdrawn']),
  /** SHA-256 over what it rests on, in canonical JSON (RFC 8785). */
  inputsHash: z.string(),
  madeFor: practiceId,
  madeAt: instantText,
});
const change = z.object({ statement: statementSnapshot });
/** The party that did it. */
const partyChange = change.extend({ by: practiceId });

export const StatementMade = defineEvent(topics.statement, 'made', 'The cost statement of a period lies before the parties of an agreement.', partyChange);
export const StatementApproved = defineEvent(topics.statement, 'approved', 'A party approved a cost statement.', partyChange);
export const StatementDisputed = defineEvent(topics.statement, 'disputed', 'A party disputes a cost statement; it stays open.', partyChange);
export const StatementWithdrawn = defineEvent(topics.statement, 'withdrawn', 'The practice that made a cost statement took it back before it was final.', partyChange);
export const StatementFinal = defineEvent(topics.statement, 'final', 'Every party approved the cost statement.', change);
