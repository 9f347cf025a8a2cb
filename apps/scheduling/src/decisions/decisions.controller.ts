import { Controller, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { decisionId, decisionKind, decisionState, instantText, localDate, practiceId } from '@slotmesh/contracts';
import type { DecisionId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Signatory } from '../agreements/domain/agreement-version';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { type Page, pageOf, pageQuery, startOf } from '../shared/page';
import { writtenReason } from '../shared/written-reason';
import { FollowUp } from './commands/follow-up';
import { MoveDecision } from './commands/move-decision';
import { TakePart } from './commands/take-part';
import { quorum, threshold } from './voting-terms.schema';
import { DecisionRepository } from './persistence/decision.repository';
import { ReadDecisions, summaryOf } from './queries/read-decisions';

const query = pageQuery.extend({ state: decisionState.optional() });
const motionBody = z.strictObject({
  title: z.string().trim().min(1).max(200), motion: z.string().trim().min(10, 'must say in at least 10 characters what is to be decided').max(10_000), kind: decisionKind.default('ordinary'),
  /** An abstention is a vote. */
  quorum: quorum.optional(), threshold: threshold.optional(), opensAt: instantText, dueAt: instantText,
});
const voteBody = z.strictObject({ vote: z.enum(['yes', 'no', 'abstain']) });
const reasonBody = z.strictObject({ reason: writtenReason });
const taskBody = z.strictObject({ what: z.string().trim().min(5, 'must say in at least 5 characters what is to be done').max(1_000), owner: practiceId, dueOn: localDate });
const doneBody = z.strictObject({ evidence: z.string().trim().min(5, 'must say in at least 5 characters what shows it').max(2_000) });

@Controller('api/scheduling/v1/decisions')
@UseInterceptors(RefusedAttempts)
export class DecisionsController {
  constructor(private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly decisions: DecisionRepository, private readonly read: ReadDecisions, private readonly move: MoveDecision, private readonly part: TakePart, private readonly followUp: FollowUp) {}

  /** Motions of the partnership that one's own practice was a member for, newest first. Instants in UTC. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(query) by: z.output<typeof query>): Promise<Page<ReturnType<typeof summaryOf>>> {
    const before = startOf(by, decisionId);
    return pageOf(await this.work.run(caller.actor, (tx) => this.decisions.list(tx, caller.practice, by.state ?? null, before, by.limit + 1)), by.limit, ({ id }) => id, summaryOf);
  }

  /** One motion with the open ballot: votes, declared conflicts, result (`tally`, in weights), members that had left by the count (`departed`), and the tasks that follow. 404: one's practice was no member. */
  @Get(':id')
  @Permits('agreements:read')
  get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', decisionId) id: DecisionId) {
    return this.work.run(caller.actor, (tx) => this.read.one(tx, caller.practice, id, tx.now));
  }

  /**
   * Puts a motion before the present members of one's own partnership. It is counted at `dueAt` (or when nobody is left to vote): no-quorum where fewer than `quorum` percent of the eligible weights voted; carried where more than `threshold` percent of the
   * weights that voted say yes, so that a tie is lost and an abstention weighs like a no; lost else. Weights are those of the agreement in force (`voting`), else all are 1; quorum and threshold may only be higher than agreed there. 422: in no partnership, below what is agreed, or times that cannot be.
   */
  @Post()
  @HttpCode(201)
  @Permits('agreements:sign')
  async propose(@CurrentStaff() caller: StaffCaller, @ZodBody(motionBody) motion: z.output<typeof motionBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(asWorker(caller), key, ['decision', motion], 201, async (tx) => this.read.one(tx, caller.practice, await this.move.execute(tx, signatory(caller), { ...motion, quorum: motion.quorum ?? null, threshold: motion.threshold ?? null }), tx.now)));
  }

  /** One's own practice votes, or changes its vote, until the motion is due. 403: in conflict, or no member any more. 409: not open. */
  @Post(':id/vote')
  @HttpCode(200)
  @Permits('agreements:sign')
  vote(@CurrentStaff() caller: StaffCaller, @ZodParam('id', decisionId) id: DecisionId, @ZodBody(voteBody) { vote }: z.output<typeof voteBody>) {
    return this.step(caller, id, (tx) => this.part.vote(tx, signatory(caller), id, vote));
  }

  /** One's own practice has an interest of its own in the motion: it counts neither for the quorum nor for the result, and the record says why. 409: it has voted, or the motion is not open. */
  @Post(':id/declare-conflict')
  @HttpCode(200)
  @Permits('agreements:sign')
  declareConflict(@CurrentStaff() caller: StaffCaller, @ZodParam('id', decisionId) id: DecisionId, @ZodBody(reasonBody) { reason }: z.output<typeof reasonBody>) {
    return this.step(caller, id, (tx) => this.part.declareConflict(tx, signatory(caller), id, reason));
  }

  /** The person who moved it takes the motion back, with a reason that all members read. 403: somebody else. 409: not open. */
  @Post(':id/withdraw')
  @HttpCode(200)
  @Permits('agreements:sign')
  withdraw(@CurrentStaff() caller: StaffCaller, @ZodParam('id', decisionId) id: DecisionId, @ZodBody(reasonBody) { reason }: z.output<typeof reasonBody>) {
    return this.step(caller, id, (tx) => this.part.withdraw(tx, signatory(caller), id, reason));
  }

  /** Something that has to be done because the motion was carried: by which member (`owner`), until the end of which date in that member's zone. 409: it was not carried. 422: the owner is no member. */
  @Post(':id/tasks')
  @HttpCode(201)
  @Permits('agreements:sign')
  async addTask(@CurrentStaff() caller: StaffCaller, @ZodParam('id', decisionId) id: DecisionId, @ZodBody(taskBody) task: z.output<typeof taskBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(asWorker(caller), key, ['decision-task', id, task], 201, async (tx) => {
      await this.followUp.addTask(tx, signatory(caller), id, task);
      return this.read.one(tx, caller.practice, id, tx.now);
    }));
  }

  /** Its owner says that a task is done, and what shows it. 403: another member's task. 409: done already. */
  @Post(':id/tasks/:task/done')
  @HttpCode(200)
  @Permits('agreements:sign')
  finish(@CurrentStaff() caller: StaffCaller, @ZodParam('id', decisionId) id: DecisionId, @ZodParam('task', z.uuid()) task: string, @ZodBody(doneBody) { evidence }: z.output<typeof doneBody>) {
    return this.step(caller, id, (tx) => this.followUp.finish(tx, signatory(caller), id, task, evidence));
  }

  private step(caller: StaffCaller, id: DecisionId, change: (tx: Tx) => Promise<void>) {
    return this.work.run(asWorker(caller), async (tx) => {
      await change(tx);
      return this.read.one(tx, caller.practice, id, tx.now);
    });
  }
}

/** Why as a worker: all members read what is written here; each use-case says who may. */
const asWorker = ({ actor }: StaffCaller) => ({ ...actor, kind: 'worker' as const });
const signatory = ({ practice, actor }: StaffCaller): Signatory => ({ practice, subject: actor.subject });
