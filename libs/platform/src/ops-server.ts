import { Clock, MovableClock, formatInstant } from '@slotmesh/kernel';
import fastify, { type FastifyInstance } from 'fastify';
import { register } from 'prom-client';
import { z } from 'zod';
import type { Readiness } from './health';
import type { Idleness } from './idle';

const move = z.object({ offsetMs: z.number().int().nonnegative() });

/** Health, metrics and, in sandbox mode, the movable clock, on a port of their own that is never routed to from outside. */
export function createOpsServer(parts: { clock: Clock; readiness: Readiness; idleness: Idleness; started: () => boolean }): FastifyInstance {
  const server = fastify({ logger: false });
  addHealth(server, parts.readiness, parts.started);
  server.get('/metrics', async (_request, reply) => reply.type(register.contentType).send(await register.metrics()));
  server.get('/idle', async () => parts.idleness.state());
  const { clock } = parts;
  if (clock instanceof MovableClock) {
    server.get('/clock', async () => ({ offsetMs: clock.offset, now: formatInstant(clock.now()) }));
    server.post('/clock', async (request) => ({ offsetMs: clock.moveTo(move.parse(request.body).offsetMs), now: formatInstant(clock.now()) }));
  }
  return server;
}

/** `/health/live`: 200 while the process runs. `/health/ready`: 200 while it takes work, else 503; with the state of each check. */
export function addHealth(server: FastifyInstance, readiness: Readiness, started: () => boolean): void {
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    const state = await readiness.state();
    const ready = state.ready && started();
    return reply.status(ready ? 200 : 503).send({ ...state, ready });
  });
}
