import { problem } from '@slotmesh/platform';
import type { FastifyReply } from 'fastify';
import type { HttpAnswer } from '../http/idempotency';
import { outcomeOfProblem } from './fhir-errors';

/** An answer that carries its own status; a kept refusal goes out as an OperationOutcome. */
export function answerOf(reply: FastifyReply, { status, body }: HttpAnswer): unknown {
  void reply.status(status);
  return status >= 400 ? outcomeOfProblem(problem.parse(body)) : body;
}
