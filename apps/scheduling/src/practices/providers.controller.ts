import { Controller, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import { practiceId, providerId } from '@slotmesh/contracts';
import type { ProviderId, VisitTypeId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { sendAnswer } from '../http/send';
import { asRead } from '../shared/as-read';
import { pageQuery } from '../shared/page';
import { etagOf } from '../shared/version-check';
import { NarrowProvider } from './narrow-provider';
import { provider, providerBody } from './provider';
import { References, readerOf } from './reference';

const settingsBody = z.strictObject({ visitsPerDay: z.int().min(0).max(200).nullable(), approvalHours: z.int().min(1).max(168).nullable().optional() });
const query = pageQuery.extend({ practice: practiceId.optional() });

@Controller('api/scheduling/v1/providers')
export class ProvidersController {
  constructor(private readonly narrow: NarrowProvider, private readonly references: References, private readonly idempotency: Idempotency, private readonly work: UnitOfWork) {}

  /** Providers of one's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  list(@CurrentCaller() caller: Caller, @ZodQuery(query) by: z.output<typeof query>) {
    return this.references.list(provider, caller, by);
  }

  /** One provider, with the visit types that they offer. 404: neither one's own practice's nor a partner's. */
  @Get(':id')
  @Permits('reference:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', providerId) id: ProviderId, @Res({ passthrough: true }) reply: FastifyReply) {
    const found = await this.references.get(provider, caller, id);
    const visitTypes = await this.work.run(readerOf(caller), (tx) => tx.query<{ id: VisitTypeId }>('SELECT visit_type_id AS id FROM provider_visit_type WHERE provider_id = $1 ORDER BY 1', [id]));
    void reply.header('etag', etagOf(found.version));
    return { ...found, visitTypes: visitTypes.map((type) => type.id) };
  }

  /** Adds a provider to one's own practice. */
  @Post()
  @HttpCode(201)
  @Permits('calendar:write')
  async define(@CurrentStaff() caller: StaffCaller, @ZodBody(providerBody) body: z.output<typeof providerBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['provider', body], 201, (tx) => this.references.define(tx, provider, caller.practice, body)));
  }

  /** The whole provider as it shall be. If-Match: 412 where somebody else was first. */
  @Put(':id')
  @Permits('calendar:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', providerId) id: ProviderId, @ZodBody(asRead(providerBody)) body: z.output<typeof providerBody>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const changed = await this.work.run(caller.actor, (tx) => this.references.change(tx, provider, caller.practice, id, versionOf(ifMatch), body));
    void reply.header('etag', etagOf(changed.version));
    return changed;
  }

  /** How far a provider of one's own practice narrows what agreements let partners in for: `visitsPerDay` on one date of the site, over all agreements and partners; null: no limit of its own. `approvalHours`: what a partner books is a request, which the own desk approves or declines within so many hours
   * (real ones, not working hours); null: it is booked at once. Audited. 404: not one's own. */
  @Get(':id/partner-settings')
  @Permits('calendar:write')
  settings(@CurrentStaff() caller: StaffCaller, @ZodParam('id', providerId) id: ProviderId) {
    return this.work.run(caller.actor, (tx) => this.narrow.read(tx, caller.practice, id));
  }

  /**
   * Holds from the next search, hold and booking on; visits that are booked stay, and count, and requests that wait keep their deadline. It can only narrow: no number lets in what an agreement does not, and what the own practice books is never a
   * request. `approvalHours` left out stays as it is. A request has to be answered before the time returns to the own practice and before the visit type's notice, an hour at the least: nearer than that partners find no such time.
   */
  @Put(':id/partner-settings')
  @Permits('calendar:write')
  narrowTo(@CurrentStaff() caller: StaffCaller, @ZodParam('id', providerId) id: ProviderId, @ZodBody(settingsBody) settings: z.output<typeof settingsBody>) {
    return this.work.run(caller.actor, (tx) => this.narrow.execute(tx, caller.practice, id, settings));
  }
}
