import type { FastifyReply } from 'fastify';
import type { HttpAnswer } from './idempotency';

/** Sends an answer that carries its own status; a kept refusal goes out as a problem document. */
export function sendAnswer(reply: FastifyReply, answer: HttpAnswer): void {
  void reply.status(answer.status).type(answer.status >= 400 ? 'application/problem+json' : 'application/json').send(answer.body);
}
