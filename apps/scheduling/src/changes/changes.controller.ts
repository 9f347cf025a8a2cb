import { Readable } from 'node:stream';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { HOUR, SECOND } from '@slotmesh/kernel';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { LiveChanges } from './live-changes';

/** Also for a token that never ends: roles are looked at again when the listener comes back. */
const LONGEST_MS = HOUR;
const TO_CLOSE_MS = 5 * SECOND;

@Controller('api/scheduling/v1/events')
export class ChangesController {
  constructor(private readonly live: LiveChanges) {}

  /**
   * The changes of the caller's practice as server-sent events, as they are committed: appointments, holds and referrals where it is either of the two practices, offers and wait-list entries of its own
   * patients. An event `change` has `{type, id, sequence, time}` and nobody's data: `type` as in the AsyncAPI document, `id` of what changed, `time` in UTC. The event's id is its `sequence`, which
   * grows by one with each change of the practice. The first event of a new listener is `ready`: load what you show after it. A listener who comes back sends `Last-Event-ID` (browsers do) and is told all
   * that it missed, in order, once, whichever replica answers; after 48 hours, or with an id of another database, it gets `reset`: load anew. Comments every 15 seconds keep the connection;
   * it ends with the token and after one hour at the latest: come back with a new one. 429 `too-many-listeners`: more than 500 streams of a practice; `too-many-own-listeners`: more than 20 of one person.
   */
  @Get()
  @Permits('appointments:read')
  @ApiProduces('text/event-stream')
  listen(@CurrentStaff() caller: StaffCaller, @Headers('last-event-id') lastEventId: string | undefined, @Res() reply: FastifyReply): void {
    const gone = new AbortController();
    const stream = this.live.listen({ practice: caller.practice, subject: caller.actor.subject }, lastEventId ?? null, gone);
    const end = setTimeout(() => {
      gone.abort();
      // Why: one who does not read would keep the connection, and with it what the token once allowed.
      setTimeout(() => reply.raw.destroy(), TO_CLOSE_MS).unref();
    }, Math.max(0, Math.min(LONGEST_MS, (caller.expiresAt ?? Infinity) - Date.now())));
    reply.raw.once('close', () => {
      clearTimeout(end);
      gone.abort();
    });
    if (reply.raw.destroyed) gone.abort();
    void reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }).send(Readable.from(stream, { objectMode: false, highWaterMark: 16_384 }));
  }
}
