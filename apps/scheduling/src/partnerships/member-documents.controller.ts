import { Controller, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { localDate, practiceId } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { readerOf } from '../practices/reference';
import { type Page, pageOf, pageQuery, startOf } from '../shared/page';
import { writtenReason } from '../shared/written-reason';
import { type MemberDocument, MemberDocuments, documentKinds } from './member-documents';

const idText = z.uuid();
const query = pageQuery.extend({ practice: practiceId.optional() });
const documentBody = z.strictObject({
  kind: z.enum(documentKinds), title: z.string().trim().min(1).max(200),
  /** Where the signed document lies; a reference, never the document itself. */
  document: z.string().trim().min(1).max(500), sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the signed document, 64 hexadecimal digits'),
  /** Staff of one's own practice who renews it in time. */
  owner: z.email().max(200), signedOn: localDate, expiresOn: localDate,
}).refine(({ signedOn, expiresOn }) => expiresOn >= signedOn, { path: ['expiresOn'], message: 'must not be before signedOn' });
const withdrawBody = z.strictObject({ reason: writtenReason });

@Controller('api/scheduling/v1/member-documents')
@UseInterceptors(RefusedAttempts)
export class MemberDocumentsController {
  constructor(private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly documents: MemberDocuments) {}

  /** Signed papers of one's own practice and its partners: business associate agreement, ownership check, state-law check. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentCaller() caller: Caller, @ZodQuery(query) by: z.output<typeof query>): Promise<Page<MemberDocument>> {
    const after = startOf(by, idText);
    return pageOf(await this.work.run(readerOf(caller), (tx) => this.documents.list(tx, { practice: by.practice ?? null, after, limit: by.limit + 1 })), by.limit, ({ id }) => id, (document) => document);
  }

  /** One paper. 404: neither one's own practice's nor a partner's. */
  @Get(':id')
  @Permits('agreements:read')
  get(@CurrentCaller() caller: Caller, @ZodParam('id', idText) id: string): Promise<MemberDocument> {
    return this.work.run(readerOf(caller), (tx) => this.documents.find(tx, id));
  }

  /** Adds a signed paper of one's own practice; it holds from the date of signing to the end of its last date (UTC). 422: the owner is nobody of the practice. */
  @Post()
  @HttpCode(201)
  @Permits('agreements:write')
  async add(@CurrentStaff() caller: StaffCaller, @ZodBody(documentBody) body: z.output<typeof documentBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, ['member-document', body], 201, async (tx) => this.documents.find(tx, await this.documents.add(tx, caller.practice, caller.actor.subject, body))));
  }

  /** Takes a paper back, with a reason: it counts no longer from now on and stays to be read. Sharing stops where no other of its kind is there. */
  @Post(':id/withdraw')
  @HttpCode(200)
  @Permits('agreements:write')
  async withdraw(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(withdrawBody) { reason }: z.output<typeof withdrawBody>): Promise<MemberDocument> {
    return this.work.run({ ...caller.actor, kind: 'worker' }, async (tx) => {
      await this.documents.withdraw(tx, caller.practice, caller.actor.subject, id, reason);
      return this.documents.find(tx, id);
    });
  }
}
