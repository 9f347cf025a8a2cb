import { Controller, Delete, Get, Headers, HttpCode, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import { agreementId, instantText } from '@slotmesh/contracts';
import { type AgreementId, formatInstant } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { sendAnswer } from '../http/send';
import { readerOf } from '../practices/reference';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { etagOf } from '../shared/version-check';
import { writtenReason } from '../shared/written-reason';
import { AmendAgreement } from './commands/amend-agreement';
import { ApproveAgreement } from './commands/approve-agreement';
import { ChangeDraft } from './commands/change-draft';
import { DeclineAgreement } from './commands/decline-agreement';
import { DraftAgreement } from './commands/draft-agreement';
import { ProposeAgreement } from './commands/propose-agreement';
import { TerminateAgreement } from './commands/terminate-agreement';
import type { Signatory } from './domain/agreement-version';
import { agreementTerms } from './persistence/agreement-terms.schema';
import { type AgreementView, ReadAgreements, type VersionView } from './queries/read-agreements';

type Terms = z.output<typeof agreementTerms>;
const versionNumber = z.coerce.number().int().min(1).max(1_000_000);
const versionBody = z.strictObject({ version: z.int().min(1) });
const approveBody = z.strictObject({ version: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash of the version that you have read') });
const declineBody = z.strictObject({ version: z.int().min(1), reason: writtenReason });
const terminateBody = z.strictObject({ reason: writtenReason, notBefore: instantText.nullable().default(null) });
const against = z.object({ against: z.coerce.number().int().min(1).optional() });

@Controller('api/scheduling/v1/agreements')
@UseInterceptors(RefusedAttempts)
export class AgreementsController {
  constructor(
    private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly read: ReadAgreements, private readonly draftAgreement: DraftAgreement, private readonly amendAgreement: AmendAgreement,
    private readonly changeDraft: ChangeDraft, private readonly proposeAgreement: ProposeAgreement, private readonly approveAgreement: ApproveAgreement, private readonly declineAgreement: DeclineAgreement,
    private readonly terminateAgreement: TerminateAgreement,
  ) {}

  /** Agreements that one's own practice is a party of: each with the version in force (or the newest), what it shares, who signed, and the list of its versions. Instants in UTC. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentCaller() caller: Caller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<AgreementView>> {
    const after = startOf(page, z.uuid());
    const rows = await this.work.run(readerOf(caller), (tx) => this.read.list(tx, caller.actor.practice, after, page.limit + 1));
    return pageOf(rows, page.limit, ({ id }) => id, (agreement) => agreement);
  }

  /** One agreement. 404: the caller's practice is no party of it. */
  @Get(':id')
  @Permits('agreements:read')
  get(@CurrentCaller() caller: Caller, @ZodParam('id', agreementId) id: AgreementId): Promise<AgreementView> {
    return this.work.run(readerOf(caller), (tx) => this.read.one(tx, caller.actor.practice, id));
  }

  /** One version with its terms, signatures, and what it changes of the one it is based on, or of `against`. 404: no such version that one may read; a draft is read by its own practice only. */
  @Get(':id/versions/:version')
  @Permits('agreements:read')
  async version(@CurrentCaller() caller: Caller, @ZodParam('id', agreementId) id: AgreementId, @ZodParam('version', versionNumber) version: number, @ZodQuery(against) by: z.output<typeof against>, @Res({ passthrough: true }) reply: FastifyReply): Promise<VersionView> {
    const found = await this.work.run(readerOf(caller), (tx) => this.read.version(tx, caller.actor.practice, id, version, by.against ?? null));
    void reply.header('etag', etagOf(found.revision));
    return found;
  }

  /** Drafts a new agreement of one's own partnership. Nobody else reads it until it is proposed. 422: in no partnership, or one's own practice is not among the parties. */
  @Post()
  @HttpCode(201)
  @Permits('agreements:write')
  async draft(@CurrentStaff() caller: StaffCaller, @ZodBody(agreementTerms) terms: Terms, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, ['agreement', terms], 201, async (tx) => this.read.one(tx, caller.practice, await this.draftAgreement.execute(tx, signatory(caller), terms))));
  }

  /** Drafts an amendment: the whole terms as they shall be, on the version that was agreed last. 409: nothing is in force. */
  @Post(':id/versions')
  @HttpCode(201)
  @Permits('agreements:write')
  async amend(@CurrentStaff() caller: StaffCaller, @ZodParam('id', agreementId) id: AgreementId, @ZodBody(agreementTerms) terms: Terms, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, ['agreement-version', id, terms], 201, async (tx) => this.read.version(tx, caller.practice, id, await this.amendAgreement.execute(tx, signatory(caller), id, terms))));
  }

  /** Writes a draft of one's own practice anew. Whoever writes cannot approve it later. If-Match: 412 where somebody else was first. 409: it was proposed, and is not changed any more. */
  @Put(':id/versions/:version')
  @Permits('agreements:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', agreementId) id: AgreementId, @ZodParam('version', versionNumber) version: number, @ZodBody(agreementTerms) terms: Terms, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<VersionView> {
    const changed = await this.step(caller, id, version, (tx) => this.changeDraft.write(tx, signatory(caller), id, version, versionOf(ifMatch), terms));
    void reply.header('etag', etagOf(changed.revision));
    return changed;
  }

  /** Throws a draft of one's own practice away. 409: it was proposed. */
  @Delete(':id/versions/:version')
  @HttpCode(204)
  @Permits('agreements:write')
  async discard(@CurrentStaff() caller: StaffCaller, @ZodParam('id', agreementId) id: AgreementId, @ZodParam('version', versionNumber) version: number): Promise<void> {
    await this.work.run({ ...caller.actor, kind: 'worker' }, (tx) => this.changeDraft.discard(tx, signatory(caller), id, version));
  }

  /**
   * Puts a draft before every practice that it affects; it is hashed and not changed any more. Counts as the first signature of the proposing practice.
   * 409: its instant has passed, another proposal is open, or another version has been agreed since it was drafted. 422: terms or papers that cannot be.
   */
  @Post(':id/propose')
  @HttpCode(200)
  @Permits('agreements:sign')
  propose(@CurrentStaff() caller: StaffCaller, @ZodParam('id', agreementId) id: AgreementId, @ZodBody(versionBody) { version }: z.output<typeof versionBody>): Promise<VersionView> {
    return this.step(caller, id, version, (tx) => this.proposeAgreement.execute(tx, signatory(caller), id, version));
  }

  /**
   * One signature for one's own practice, on the hash that was read. Each affected practice signs by two people; who wrote or proposed a version cannot approve it. With the last signature the version is approved and comes into force by itself at its instant.
   * 403: one's own proposal, or a second person is needed. 409: another hash, or its instant has passed. 422: papers of one's practice are missing.
   */
  @Post(':id/approve')
  @HttpCode(200)
  @Permits('agreements:sign')
  approve(@CurrentStaff() caller: StaffCaller, @ZodParam('id', agreementId) id: AgreementId, @ZodBody(approveBody) { version, hash }: z.output<typeof approveBody>): Promise<VersionView> {
    return this.step(caller, id, version, (tx) => this.approveAgreement.execute(tx, signatory(caller), id, version, hash));
  }

  /** Ends a proposal by one practice's no, with a reason that all parties read; the proposing practice withdraws it so. */
  @Post(':id/decline')
  @HttpCode(200)
  @Permits('agreements:sign')
  decline(@CurrentStaff() caller: StaffCaller, @ZodParam('id', agreementId) id: AgreementId, @ZodBody(declineBody) { version, reason }: z.output<typeof declineBody>): Promise<VersionView> {
    return this.step(caller, id, version, (tx) => this.declineAgreement.execute(tx, signatory(caller), id, version, reason));
  }

  /**
   * Notice to end the whole agreement: one person of a practice gives it, a second one of that practice repeats the call to confirm it; from then the agreed days of notice run (`noticeDays`, 90 by default), or until `notBefore` where that is later.
   * Nothing is bookable beyond the end from then on; visits that are booked stay. 403: the same person again. 409: nothing is in force, or notice has been given.
   */
  @Post(':id/terminate')
  @HttpCode(200)
  @Permits('agreements:sign')
  terminate(@CurrentStaff() caller: StaffCaller, @ZodParam('id', agreementId) id: AgreementId, @ZodBody(terminateBody) { reason, notBefore }: z.output<typeof terminateBody>): Promise<{ readonly endsAt: string | null; readonly agreement: AgreementView }> {
    return this.work.run({ ...caller.actor, kind: 'worker' }, async (tx) => {
      const endsAt = await this.terminateAgreement.execute(tx, signatory(caller), id, reason, notBefore);
      return { endsAt: endsAt === null ? null : formatInstant(endsAt), agreement: await this.read.one(tx, caller.practice, id) };
    });
  }

  /** Why as a worker: several practices read what is written here; each use-case says who may. */
  private step(caller: StaffCaller, id: AgreementId, version: number, change: (tx: Tx) => Promise<void>): Promise<VersionView> {
    return this.work.run({ ...caller.actor, kind: 'worker' }, async (tx) => {
      await change(tx);
      return this.read.version(tx, caller.practice, id, version);
    });
  }
}

const signatory = ({ practice, actor }: StaffCaller): Signatory => ({ practice, subject: actor.subject });
