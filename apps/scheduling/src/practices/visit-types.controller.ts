import { Controller, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import { practiceId, visitTypeId } from '@slotmesh/contracts';
import type { VisitTypeId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { sendAnswer } from '../http/send';
import { asRead } from '../shared/as-read';
import { pageQuery } from '../shared/page';
import { etagOf } from '../shared/version-check';
import { References } from './reference';
import { visitType, visitTypeBody } from './visit-type';

const query = pageQuery.extend({ practice: practiceId.optional() });

@Controller('api/scheduling/v1/visit-types')
export class VisitTypesController {
  constructor(private readonly references: References, private readonly idempotency: Idempotency, private readonly work: UnitOfWork) {}

  /** Visit types of one's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  list(@CurrentCaller() caller: Caller, @ZodQuery(query) by: z.output<typeof query>) {
    return this.references.list(visitType, caller, by);
  }

  /** One visit type. 404: neither one's own practice's nor a partner's. */
  @Get(':id')
  @Permits('reference:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', visitTypeId) id: VisitTypeId, @Res({ passthrough: true }) reply: FastifyReply) {
    const found = await this.references.get(visitType, caller, id);
    void reply.header('etag', etagOf(found.version));
    return found;
  }

  /** Adds a visit type to one's own practice. */
  @Post()
  @HttpCode(201)
  @Permits('calendar:write')
  async define(@CurrentStaff() caller: StaffCaller, @ZodBody(visitTypeBody) body: z.output<typeof visitTypeBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['visit-type', body], 201, (tx) => this.references.define(tx, visitType, caller.practice, body)));
  }

  /**
   * The whole visit type as it shall be; what is booked already keeps its time. If-Match: 412 where somebody else was first. 409 `group-sessions-go-on`: without seats, while sessions of it are still to take place;
   * `more-seats-taken`: fewer than are booked or held in one of them.
   */
  @Put(':id')
  @Permits('calendar:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', visitTypeId) id: VisitTypeId, @ZodBody(asRead(visitTypeBody)) body: z.output<typeof visitTypeBody>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const changed = await this.work.run(caller.actor, (tx) => this.references.change(tx, visitType, caller.practice, id, versionOf(ifMatch), body));
    void reply.header('etag', etagOf(changed.version));
    return changed;
  }
}
