import { rememberRefusal } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { HttpAnswer } from './idempotency';

const problem = z.object({ code: z.string() });

/** Sends an answer that carries its own status; a kept refusal goes out as a problem document. */
export function sendAnswer(reply: FastifyReply, answer: HttpAnswer): void {
  const refused = problem.safeParse(answer.body);
  if (answer.status >= 400 && refused.success) rememberRefusal(reply.request, refused.data.code);
  void reply.status(answer.status).type(answer.status >= 400 ? 'application/problem+json' : 'application/json').send(answer.body);
}
