import { Controller, Get, Headers, Put, Res } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import type { PracticeId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { versionOf } from '../http/if-match';
import { asRead } from '../shared/as-read';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { etagOf } from '../shared/version-check';
import { type PracticeView, changePractice, getPractice, listPractices, practiceBody } from './practice';
import { readerOf } from './reference';

@Controller('api/scheduling/v1/practices')
export class PracticesController {
  constructor(private readonly work: UnitOfWork) {}

  /** One's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  async list(@CurrentCaller() caller: Caller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<PracticeView>> {
    const after = startOf(page, z.string().max(63));
    return pageOf(await this.work.run(readerOf(caller), (tx) => listPractices(tx, after, page.limit + 1)), page.limit, ({ id }) => id, (practice) => practice);
  }

  /** One practice. 404: neither one's own nor a partner. */
  @Get(':id')
  @Permits('reference:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', practiceId) id: PracticeId, @Res({ passthrough: true }) reply: FastifyReply): Promise<PracticeView> {
    const practice = await this.work.run(readerOf(caller), (tx) => getPractice(tx, id));
    void reply.header('etag', etagOf(practice.version));
    return practice;
  }

  /** Changes name, phone and e-mail of one's own practice. If-Match: 412 where somebody else was first. */
  @Put(':id')
  @Permits('calendar:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', practiceId) id: PracticeId, @ZodBody(asRead(practiceBody, 'zone', 'senderNumber', 'partnership', 'staffed')) body: z.output<typeof practiceBody>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<PracticeView> {
    const practice = await this.work.run(caller.actor, (tx) => changePractice(tx, caller.practice, id, versionOf(ifMatch), body));
    void reply.header('etag', etagOf(practice.version));
    return practice;
  }
}
