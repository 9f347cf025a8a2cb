import { Controller, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { agreementId, disputeId, disputeOutcome, practiceId } from '@slotmesh/contracts';
import { type DisputeId, type Instant, type PracticeId, formatInstant } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Signatory } from '../agreements/domain/agreement-version';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { type Page, pageOf, pageQuery, startOf } from '../shared/page';
import { measure } from '../standards/standards-terms.schema';
import { GoOnWithDispute } from './commands/go-on-with-dispute';
import { OpenDispute } from './commands/open-dispute';
import { type Dispute, dueFrom, isOverdue, nextStepOf } from './domain/dispute';
import { DisputeUnknown } from './domain/dispute.errors';
import { DisputeRepository } from './persistence/dispute.repository';

const query = pageQuery.extend({ open: z.stringbool().default(false) });
const words = z.string().trim().min(10, 'must say it in at least 10 characters').max(5_000);
/** Why strict, and no field for an amount: a dispute never ends in money. */
const openBody = z.strictObject({ agreement: agreementId, against: practiceId, standard: measure.nullable().default(null), matter: words.nullable().default(null) })
  .refine(({ standard, matter }) => standard !== null || matter !== null, { path: ['matter'], message: 'must say what it is about, or name a standard' });
const stepBody = z.strictObject({ text: words });
const closeBody = z.strictObject({ outcome: disputeOutcome, text: words });

@Controller('api/scheduling/v1/disputes')
@UseInterceptors(RefusedAttempts)
export class DisputesController {
  constructor(private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly disputes: DisputeRepository, private readonly begin: OpenDispute, private readonly course: GoOnWithDispute) {}

  /** Disputes that one's own practice is a party of, newest first; `open=true`: those that are not closed. Instants in UTC. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(query) by: z.output<typeof query>): Promise<Page<ReturnType<typeof viewOf>>> {
    const before = startOf(by, disputeId);
    return this.work.run(caller.actor, async (tx) => pageOf(await this.disputes.list(tx, caller.practice, { open: by.open, before, limit: by.limit + 1 }), by.limit, ({ id }) => id, (dispute) => viewOf(dispute, tx.now)));
  }

  /** One dispute with its steps: what was said, by when it was due, what comes next (`next`), from whom, and whether that is overdue. Only its two parties read it. */
  @Get(':id')
  @Permits('agreements:read')
  get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', disputeId) id: DisputeId) {
    return this.work.run(caller.actor, (tx) => this.view(tx, caller.practice, id));
  }

  /** Opens a dispute with another party (`against`) of an agreement. From now on ten days run for the answer, twenty for a meeting, forty-five for a mediation. It is about a `standard` that the other party breaches now, whose value stays with it, or about whatever `matter` says. Name no patient in what you write. Never about money. 409: that standard is not breached. 422: not two parties of an agreement that is or was in force. */
  @Post()
  @HttpCode(201)
  @Permits('agreements:sign')
  async open(@CurrentStaff() caller: StaffCaller, @ZodBody(openBody) body: z.output<typeof openBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(asWorker(caller), key, ['dispute', body], 201, async (tx) => this.view(tx, caller.practice, await this.begin.execute(tx, signatory(caller), body))));
  }

  /** The other party answers, late too. 403: the opener's own. 409: answered, or closed. */
  @Post(':id/answer')
  @HttpCode(200)
  @Permits('agreements:sign')
  answer(@CurrentStaff() caller: StaffCaller, @ZodParam('id', disputeId) id: DisputeId, @ZodBody(stepBody) { text }: z.output<typeof stepBody>) {
    return this.step(caller, id, (tx) => this.course.take(tx, signatory(caller), id, 'answer', text));
  }

  /** Either party writes down what a meeting of both came to. 409: not answered yet, or met already. */
  @Post(':id/meet')
  @HttpCode(200)
  @Permits('agreements:sign')
  meet(@CurrentStaff() caller: StaffCaller, @ZodParam('id', disputeId) id: DisputeId, @ZodBody(stepBody) { text }: z.output<typeof stepBody>) {
    return this.step(caller, id, (tx) => this.course.take(tx, signatory(caller), id, 'meet', text));
  }

  /** Either party writes down what the mediation inside the partnership came to. 409: not met yet, or mediated already. */
  @Post(':id/mediate')
  @HttpCode(200)
  @Permits('agreements:sign')
  mediate(@CurrentStaff() caller: StaffCaller, @ZodParam('id', disputeId) id: DisputeId, @ZodBody(stepBody) { text }: z.output<typeof stepBody>) {
    return this.step(caller, id, (tx) => this.course.take(tx, signatory(caller), id, 'mediate', text));
  }

  /**
   * Ends it. `agreed`: each party says so, the second closes it. `withdrawn`: by the opener. `outside`: a mediator outside the partnership goes on, once the parties have met or a step is overdue.
   * 403: not one's own to do. 409: closed, too early, or the other party has to say that it agrees.
   */
  @Post(':id/close')
  @HttpCode(200)
  @Permits('agreements:sign')
  close(@CurrentStaff() caller: StaffCaller, @ZodParam('id', disputeId) id: DisputeId, @ZodBody(closeBody) { outcome, text }: z.output<typeof closeBody>) {
    return this.step(caller, id, (tx) => this.course.close(tx, signatory(caller), id, outcome, text));
  }

  private step(caller: StaffCaller, id: DisputeId, change: (tx: Tx) => Promise<void>) {
    return this.work.run(asWorker(caller), async (tx) => {
      await change(tx);
      return this.view(tx, caller.practice, id);
    });
  }

  private async view(tx: Tx, reader: PracticeId, id: DisputeId) {
    const dispute = await this.disputes.find(tx, id, reader);
    if (!dispute) throw new DisputeUnknown();
    const steps = await this.disputes.steps(tx, id);
    return { ...viewOf(dispute, tx.now), steps: steps.map((done) => ({ ...done, at: formatInstant(done.at), dueAt: formatInstant(done.dueAt), late: done.at >= done.dueAt })) };
  }
}

/** Why as a worker: two practices read what is written here; each use-case says who may. */
const asWorker = ({ actor }: StaffCaller) => ({ ...actor, kind: 'worker' as const });
const signatory = ({ practice, actor }: StaffCaller): Signatory => ({ practice, subject: actor.subject });
const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
function viewOf({ toldOf: _, ...dispute }: Dispute, now: Instant) {
  const next = nextStepOf(dispute.state);
  return { ...dispute, openedAt: formatInstant(dispute.openedAt), dueAt: text(dispute.dueAt), closedAt: text(dispute.closedAt), next, nextBy: next === null ? [] : dueFrom(dispute, next), overdue: isOverdue(dispute, now) };
}
