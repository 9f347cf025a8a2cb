import { Controller, Delete, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { sendAnswer } from '../http/send';
import { References } from '../practices/reference';
import { asRead } from '../shared/as-read';
import { pageQuery } from '../shared/page';
import { etagOf } from '../shared/version-check';
import { AddedHours } from './added-hours';
import { hours, hoursBody } from './hours';

const idText = z.uuid();
const query = pageQuery.extend({ practice: practiceId.optional() });

@Controller('api/scheduling/v1/availability')
export class AvailabilityController {
  constructor(private readonly references: References, private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly added: AddedHours) {}

  /** Recurring hours of one's own practice; an operator's or a service's `practice` names one. 404: another practice; what it shares is found by /openings. */
  @Get()
  @Permits('reference:read')
  list(@CurrentCaller() caller: Caller, @ZodQuery(query) by: z.output<typeof query>) {
    return this.references.list(hours, caller, by);
  }

  /** One block of recurring hours. 404: not one's own practice's. */
  @Get(':id')
  @Permits('reference:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', idText) id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const found = await this.references.get(hours, caller, id);
    void reply.header('etag', etagOf(found.version));
    return found;
  }

  /** Adds a block of recurring hours for a provider of one's own practice at a site. It may be kept for visit types (`keptFor`) and let in at most so many of a type (`limits`); what is booked already stays. What of the next eight weeks was not open before is offered to who waits for it. */
  @Post()
  @HttpCode(201)
  @Permits('calendar:write')
  async define(@CurrentStaff() caller: StaffCaller, @ZodBody(hoursBody) body: z.output<typeof hoursBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['availability', body], 201, (tx) => this.added.note(tx, caller.practice, () => Promise.resolve([this.added.fromNow(tx, body)]), () => this.references.define(tx, hours, caller.practice, body))));
  }

  /** The whole block of hours as it shall be; what is booked already keeps its time, and what it adds to the next eight weeks is offered to who waits for it. If-Match: 412 where somebody else was first. */
  @Put(':id')
  @Permits('calendar:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(asRead(hoursBody)) body: z.output<typeof hoursBody>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const changed = await this.work.run(caller.actor, (tx) => this.added.note(tx, caller.practice, async () => [...(await this.added.ofHours(tx, caller.practice, id)), this.added.fromNow(tx, body)], () => this.references.change(tx, hours, caller.practice, id, versionOf(ifMatch), body)));
    void reply.header('etag', etagOf(changed.version));
    return changed;
  }

  /** Removes a block of hours; what is booked already keeps its time. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('calendar:write')
  async remove(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.references.remove(tx, hours, caller.practice, id));
  }
}
