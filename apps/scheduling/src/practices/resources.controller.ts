import { Controller, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import { practiceId, resourceId } from '@slotmesh/contracts';
import type { ResourceId } from '@slotmesh/kernel';
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
import { ProviderIsNoEquipment, resource, resourceBody } from './resource';

const query = pageQuery.extend({ practice: practiceId.optional() });

@Controller('api/scheduling/v1/resources')
export class ResourcesController {
  constructor(private readonly references: References, private readonly idempotency: Idempotency, private readonly work: UnitOfWork) {}

  /** Rooms, devices, equipment and interpreters of one's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  list(@CurrentCaller() caller: Caller, @ZodQuery(query) by: z.output<typeof query>) {
    return this.references.list(resource, caller, by);
  }

  /** One room, device or other resource. 404: neither one's own practice's nor a partner's. */
  @Get(':id')
  @Permits('reference:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', resourceId) id: ResourceId, @Res({ passthrough: true }) reply: FastifyReply) {
    const found = await this.references.get(resource, caller, id);
    void reply.header('etag', etagOf(found.version));
    return found;
  }

  /** Adds a room, device, equipment or interpreter to one's own practice. */
  @Post()
  @HttpCode(201)
  @Permits('calendar:write')
  async define(@CurrentStaff() caller: StaffCaller, @ZodBody(resourceBody) body: z.output<typeof resourceBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['resource', body], 201, (tx) => this.references.define(tx, resource, caller.practice, body)));
  }

  /** The whole resource as it shall be; 422 for a provider's own entry. If-Match: 412 where somebody else was first. */
  @Put(':id')
  @Permits('calendar:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', resourceId) id: ResourceId, @ZodBody(asRead(resourceBody, 'provider')) body: z.output<typeof resourceBody>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    if ((await this.references.get(resource, caller, id)).kind === 'provider') throw new ProviderIsNoEquipment();
    const changed = await this.work.run(caller.actor, (tx) => this.references.change(tx, resource, caller.practice, id, versionOf(ifMatch), body));
    void reply.header('etag', etagOf(changed.version));
    return changed;
  }
}
