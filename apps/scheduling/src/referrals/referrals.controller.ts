import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { patientId, referralId, referralStatus, serviceCode } from '@slotmesh/contracts';
import { Clock, type ReferralId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { sendAnswer } from '../http/send';
import { PatientVault } from '../patients/patient-vault';
import { coordinates } from '../shared/coordinates';
import { pageQuery } from '../shared/page';
import { etagOf } from '../shared/version-check';
import { RecordChoice } from './commands/record-choice';
import { SendReferral } from './commands/send-referral';
import { StepReferral, type StepRequest } from './commands/step-referral';
import type { Referral } from './domain/referral';
import { viewOfOption } from './option.view';
import { FindOptions } from './queries/find-options';
import { ReadReferrals } from './queries/read-referrals';
import { authoriseBody, choiceBody, declineBody, noteBody, sendBody, visitBody } from './referral.body';
import { viewOfReferral } from './referral.view';

const optionsQuery = z.object({ service: serviceCode, near: coordinates.optional(), patient: patientId.optional() });
const listQuery = pageQuery.extend({
  direction: z.enum(['sent', 'received']).optional(), status: referralStatus.optional(), patient: patientId.optional(), waitsFor: z.enum(['us', 'them']).optional(), overdue: z.enum(['true', 'false']).default('false'),
});
const plainStep = z.enum(['receive', 'accept', 'see', 'miss', 'close', 'cancel']);
const nothing = z.object({});

@Controller('api/scheduling/v1/referrals')
export class ReferralsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly idempotency: Idempotency,
    private readonly clock: Clock,
    private readonly vault: PatientVault,
    private readonly send: SendReferral,
    private readonly stepReferral: StepReferral,
    private readonly recordChoice: RecordChoice,
    private readonly options: FindOptions,
    private readonly read: ReadReferrals,
  ) {}

  /**
   * Refers a patient of the caller's practice to a partner that an agreement in force joins to it, or to a place outside, which the sender follows itself. The partner gets
   * its own minimal record of the patient. `choice` keeps which options the patient was shown, in which order. 422: no agreement joins the two, nobody reads referrals
   * there, or the service is not offered. What was written is in no answer but that of GET.
   */
  @Post()
  @HttpCode(201)
  @Permits('referrals:write')
  async add(@CurrentStaff() caller: StaffCaller, @ZodBody(sendBody) body: z.output<typeof sendBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { reason, attachments, choice = null, ...rest } = body;
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    await this.answer(caller, key, ['send', body], 201, reply, (tx) => this.send.execute(tx, desk, { ...rest, choice, letter: { reason, attachments } }));
  }

  /**
   * Where a patient may be referred to for a service: each partner under an agreement in force, with its soonest opening of the next 90 days and how far it is from `near`.
   * The order is by soonest start, then distance, then name; no fee, quota or earlier referral touches it. With `patient`, times at which the patient has another visit are
   * left out.
   */
  @Get('options')
  @Permits('referrals:read')
  async choose(@CurrentStaff() caller: StaffCaller, @ZodQuery(optionsQuery) asked: z.output<typeof optionsQuery>) {
    const found = await this.work.run(caller.actor, (tx) => this.options.execute(tx, caller.practice, asked));
    return { items: found.map((option) => viewOfOption(option, caller.practice)), nextCursor: null };
  }

  /**
   * What the caller's practice sent or received, in the order in which it was sent. `waitsFor=us` is what the caller's side has to do next. `overdue=true` lists what is
   * past its due time, the longest first, also where the other side is late: `waitsFor` tells them apart.
   */
  @Get()
  @Permits('referrals:read')
  list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) asked: z.output<typeof listQuery>) {
    const { direction = null, status = null, patient = null, waitsFor = null, overdue, ...page } = asked;
    return this.work.run(caller.actor, (tx) => this.read.list(tx, caller.practice, { direction, status, patient, waitsFor, overdue: overdue === 'true' }, page));
  }

  /** One referral with its letter, the steps that the caller's side may take now, and when the next is due. 404: neither sent nor received by the caller's practice. */
  @Get(':id')
  @Permits('referrals:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', referralId) id: ReferralId, @Res({ passthrough: true }) reply: FastifyReply) {
    const referral = await this.work.run(caller.actor, (tx) => this.read.one(tx, caller.practice, id));
    void reply.header('etag', etagOf(referral.version));
    return referral;
  }

  /** Records which options the patient was shown and in which order; what was chosen is where the referral goes. The sender only. */
  @Post(':id/choice')
  @HttpCode(200)
  @Permits('referrals:write')
  async choice(@CurrentStaff() caller: StaffCaller, @ZodParam('id', referralId) id: ReferralId, @ZodBody(choiceBody) body: z.output<typeof choiceBody>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const version = versionOf(ifMatch);
    await this.answer(caller, key, ['choice', id, body], 200, reply, (tx) => this.recordChoice.execute(tx, caller.practice, id, version, body));
  }

  /** The receiver says no, also once it had accepted and the payer refuses, with a code and a sentence; the sender is due to find the patient another way. 409 names the steps that are allowed. */
  @Post(':id/decline')
  @HttpCode(200)
  @Permits('referrals:write')
  async decline(@CurrentStaff() caller: StaffCaller, @ZodParam('id', referralId) id: ReferralId, @ZodBody(declineBody) body: z.output<typeof declineBody>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.step(caller, key, body, reply, { id, step: 'decline', version: versionOf(ifMatch), brought: { declineCode: body.code }, written: { field: 'answer', text: body.text } });
  }

  /** Records the payer's authorisation: its number and the last day of the visits that it covers. Once more replaces one that ran out; a visit that is booked stays booked. */
  @Post(':id/authorise')
  @HttpCode(200)
  @Permits('referrals:write')
  async authorise(@CurrentStaff() caller: StaffCaller, @ZodParam('id', referralId) id: ReferralId, @ZodBody(authoriseBody) body: z.output<typeof authoriseBody>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.step(caller, key, body, reply, { id, step: 'authorise', version: versionOf(ifMatch), brought: { authorisationExpires: body.expires }, written: { field: 'authorisation', text: body.number } });
  }

  /** Outside the network: when the patient's visit is. Inside, a booking with this referral takes the step, and this is 409. */
  @Post(':id/schedule')
  @HttpCode(200)
  @Permits('referrals:write')
  async schedule(@CurrentStaff() caller: StaffCaller, @ZodParam('id', referralId) id: ReferralId, @ZodBody(visitBody) body: z.output<typeof visitBody>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.step(caller, key, body, reply, { id, step: 'schedule', version: versionOf(ifMatch), brought: { visitAt: body.start } });
  }

  /** Outside the network: the patient's visit is at another time than was recorded. Inside, the appointment is moved. */
  @Post(':id/move')
  @HttpCode(200)
  @Permits('referrals:write')
  async move(@CurrentStaff() caller: StaffCaller, @ZodParam('id', referralId) id: ReferralId, @ZodBody(visitBody) body: z.output<typeof visitBody>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.step(caller, key, body, reply, { id, step: 'move', version: versionOf(ifMatch), brought: { visitAt: body.start } });
  }

  /** What came of it, as a reference to the note where it is kept. The receiver's step; outside the network the sender records that it came. */
  @Post(':id/return-note')
  @HttpCode(200)
  @Permits('referrals:write')
  async returnNote(@CurrentStaff() caller: StaffCaller, @ZodParam('id', referralId) id: ReferralId, @ZodBody(noteBody) body: z.output<typeof noteBody>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.step(caller, key, body, reply, { id, step: 'return-note', version: versionOf(ifMatch), written: { field: 'note', text: JSON.stringify(body.note) } });
  }

  /**
   * The steps that bring nothing with them: receive and accept (the receiver), close (the sender has read the note, expects none after the visit, or has found another way after a no) and cancel (the
   * sender; a visit that is booked is cancelled first). Of care outside the network the sender also records accept, see and miss. 409 names the steps that are allowed, 403
   * that the other side decides.
   */
  @Post(':id/:step')
  @HttpCode(200)
  @Permits('referrals:write')
  async plain(@CurrentStaff() caller: StaffCaller, @ZodParam('id', referralId) id: ReferralId, @ZodParam('step', plainStep) step: z.output<typeof plainStep>, @ZodBody(nothing) _: unknown, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.step(caller, key, null, reply, { id, step, version: versionOf(ifMatch) });
  }

  private step(caller: StaffCaller, key: string | undefined, body: unknown, reply: FastifyReply, request: StepRequest): Promise<void> {
    return this.answer(caller, key, [request.step, request.id, body], 200, reply, (tx) => this.stepReferral.execute(tx, caller.practice, request));
  }

  /** Why a fingerprint: what was written must not be guessed from the hash of the request. */
  private async answer(caller: StaffCaller, key: string | undefined, request: unknown, success: number, reply: FastifyReply, fn: (tx: Tx) => Promise<Referral>): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['referral', this.vault.fingerprintOf(request)], success, async (tx) => viewOfReferral(await fn(tx), caller.practice, this.clock.now())));
  }
}
