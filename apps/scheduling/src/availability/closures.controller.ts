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
import { closure, closureBody } from './closure';
import { LiftedClosureRepository } from './persistence/lifted-closure.repository';

const idText = z.uuid();
const query = pageQuery.extend({ practice: practiceId.optional() });

@Controller('api/scheduling/v1/closures')
export class ClosuresController {
  constructor(private readonly references: References, private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly lifted: LiftedClosureRepository) {}

  /** Closures of one's own practice; what is booked already is not cancelled by one. An operator's or a service's `practice` names one, and sees no reasons. 404: another practice; what it shares is found by /openings. */
  @Get()
  @Permits('reference:read')
  list(@CurrentCaller() caller: Caller, @ZodQuery(query) by: z.output<typeof query>) {
    return this.references.list(closure, caller, by);
  }

  /** One closure. 404: not one's own practice's; the reason is for that practice only. */
  @Get(':id')
  @Permits('reference:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', idText) id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const found = await this.references.get(closure, caller, id);
    void reply.header('etag', etagOf(found.version));
    return found;
  }

  /** Closes one's own practice, a site or a provider for whole days or an exact time; what is booked already is not cancelled. */
  @Post()
  @HttpCode(201)
  @Permits('calendar:write')
  async define(@CurrentStaff() caller: StaffCaller, @ZodBody(closureBody) body: z.output<typeof closureBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['closure', body], 201, (tx) => this.references.define(tx, closure, caller.practice, body)));
  }

  /** The whole closure as it shall be; time that it shuts no longer is offered to who waits for it. If-Match: 412 where somebody else was first. */
  @Put(':id')
  @Permits('calendar:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(asRead(closureBody)) body: z.output<typeof closureBody>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const changed = await this.work.run(caller.actor, async (tx) => {
      await this.lifted.note(tx, caller.practice, id);
      return this.references.change(tx, closure, caller.practice, id, versionOf(ifMatch), body);
    });
    void reply.header('etag', etagOf(changed.version));
    return changed;
  }

  /** Removes a closure; the hours hold again, and their time is offered to who waits for it. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('calendar:write')
  async remove(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string): Promise<void> {
    await this.work.run(caller.actor, async (tx) => {
      await this.lifted.note(tx, caller.practice, id);
      await this.references.remove(tx, closure, caller.practice, id);
    });
  }
}
