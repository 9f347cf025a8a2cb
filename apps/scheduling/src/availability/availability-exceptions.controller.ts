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
import { exception, exceptionBody } from './exception';

const idText = z.uuid();
const query = pageQuery.extend({ practice: practiceId.optional() });

@Controller('api/scheduling/v1/availability-exceptions')
export class AvailabilityExceptionsController {
  constructor(private readonly references: References, private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly added: AddedHours) {}

  /** Dates with other hours, of one's own practice; an operator's or a service's `practice` names one. 404: another practice; what it shares is found by /openings. */
  @Get()
  @Permits('reference:read')
  list(@CurrentCaller() caller: Caller, @ZodQuery(query) by: z.output<typeof query>) {
    return this.references.list(exception, caller, by);
  }

  /** One date with other hours. 404: not one's own practice's. */
  @Get(':id')
  @Permits('reference:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', idText) id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const found = await this.references.get(exception, caller, id);
    void reply.header('etag', etagOf(found.version));
    return found;
  }

  /** Sets other hours, or none, for a provider of one's own practice at a site on one date. Each range may carry the rules that recurring hours may (`keptFor`, `limits`, `walkIns`, `overbook`); those of the usual hours rest on that date. What they add is offered to who waits for it. 409: that date has other hours already. */
  @Post()
  @HttpCode(201)
  @Permits('calendar:write')
  async define(@CurrentStaff() caller: StaffCaller, @ZodBody(exceptionBody) body: z.output<typeof exceptionBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['availability-exception', body], 201, (tx) => this.added.note(tx, caller.practice, () => Promise.resolve([this.added.onDate(body)]), () => this.references.define(tx, exception, caller.practice, body))));
  }

  /** The whole exception as it shall be. If-Match: 412 where somebody else was first. */
  @Put(':id')
  @Permits('calendar:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(asRead(exceptionBody)) body: z.output<typeof exceptionBody>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const changed = await this.work.run(caller.actor, (tx) => this.added.note(tx, caller.practice, async () => [...(await this.added.ofException(tx, caller.practice, id)), this.added.onDate(body)], () => this.references.change(tx, exception, caller.practice, id, versionOf(ifMatch), body)));
    void reply.header('etag', etagOf(changed.version));
    return changed;
  }

  /** Removes other hours; the usual ones hold again on that date, and what is open with them is offered to who waits. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('calendar:write')
  async remove(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.added.note(tx, caller.practice, () => this.added.ofException(tx, caller.practice, id), () => this.references.remove(tx, exception, caller.practice, id)));
  }
}
