import { Controller, Get, HttpCode, Post, type Type } from '@nestjs/common';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { DiscardParkedEvent } from './discard-parked-event';
import { FindParkedEvents } from './find-parked-events';
import { type ParkedEvent, type ParkedEventDetail, type ParkedEventQuery, discardRequest, parkedEventQuery, replayRequest } from './parked-event';
import { ReplayParkedEvent } from './replay-parked-event';

/** The operator's calls on the events that one service has parked (P11). A class per service, because its path names the service. */
export function parkedEventsController(service: string): Type<unknown> {
  @Controller(`api/${service}/v1/parked-events`)
  @Permits('parked-events:manage')
  class ParkedEventsController {
    constructor(private readonly find: FindParkedEvents, private readonly replayEvent: ReplayParkedEvent, private readonly discardEvent: DiscardParkedEvent) {}

    /** Parked events, the latest first. */
    @Get()
    list(@CurrentCaller() caller: Caller, @ZodQuery(parkedEventQuery) query: ParkedEventQuery): Promise<{ items: ParkedEvent[]; nextCursor: string | null }> {
      return this.find.list(caller.actor, query);
    }

    /** One parked event with what came over the wire. Audited. */
    @Get(':id')
    show(@CurrentCaller() caller: Caller, @ZodParam('id', z.uuid()) id: string): Promise<ParkedEventDetail> {
      return this.find.show(caller.actor, id);
    }

    /** Tries it again at once, and those behind it after it. 409 where another record of its key comes first or is missing. Audited. */
    @Post(':id/replay')
    @HttpCode(202)
    replay(@CurrentCaller() caller: Caller, @ZodParam('id', z.uuid()) id: string, @ZodBody(replayRequest) wish: z.output<typeof replayRequest>): Promise<ParkedEvent> {
      return this.replayEvent.execute(caller.actor, id, wish);
    }

    /** Gives it up with a reason; its key moves on by one. Audited. */
    @Post(':id/discard')
    @HttpCode(204)
    discard(@CurrentCaller() caller: Caller, @ZodParam('id', z.uuid()) id: string, @ZodBody(discardRequest) { reason }: z.output<typeof discardRequest>): Promise<void> {
      return this.discardEvent.execute(caller.actor, id, reason);
    }
  }
  return ParkedEventsController;
}
