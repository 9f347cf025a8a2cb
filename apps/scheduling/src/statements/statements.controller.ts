import { Controller, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { agreementId } from '@slotmesh/contracts';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { pageOf, pageQuery, startOf } from '../shared/page';
import { writtenReason } from '../shared/written-reason';
import { JudgeStatement } from './commands/judge-statement';
import { MakeStatement } from './commands/make-statement';
import { WithdrawStatement } from './commands/withdraw-statement';
import { statementCsv } from './documents/statement-csv';
import { statementPdf } from './documents/statement-pdf';
import { StatementUnknown } from './domain/statement.errors';
import { StatementRepository, type Statement } from './persistence/statement.repository';
import { periodCode } from './persistence/statement.schema';
import { VerifyStatement } from './queries/verify-statement';
import { summaryOfStatement, viewOfStatement } from './statement.view';

const statementId = z.uuid();
const makeBody = z.strictObject({ agreement: agreementId, period: periodCode });
const reasonBody = z.strictObject({ reason: writtenReason });
const nothing = z.object({});
const listQuery = pageQuery.extend({ agreement: agreementId.optional(), period: periodCode.optional(), state: z.enum(['drafted', 'disputed', 'final', 'withdrawn']).optional() });

@Controller('api/scheduling/v1/statements')
@UseInterceptors(RefusedAttempts)
export class StatementsController {
  constructor(
    private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly statements: StatementRepository, private readonly makeStatement: MakeStatement, private readonly judgeStatement: JudgeStatement,
    private readonly withdrawStatement: WithdrawStatement, private readonly verifyStatement: VerifyStatement,
  ) {}

  /**
   * Makes the cost statement of a period that is over (by the calendar of the money terms), for its parties to approve: each cost divided by what the agreement fixed in advance (equal, provider FTE, contracted hours, fixed amounts), to
   * the cent by largest remainder. Amounts are whole US cents; `net` is paid less borne, and the nets sum to zero. `inputs` holds all that it rests on; `inputsHash` is its SHA-256 (RFC 8785). No count of referrals, bookings or visits
   * enters, and profit is not divided. 409: there is one. 422: the period is not over, or evidence of a price ran out in it.
   */
  @Post()
  @HttpCode(201)
  @Permits('agreements:write')
  async make(@CurrentStaff() caller: StaffCaller, @ZodBody(makeBody) body: z.output<typeof makeBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(caller, key, ['statement', body], 201, reply, (tx) => this.makeStatement.execute(tx, signatory(caller), body.agreement, body.period));
  }

  /** Statements of the agreements of the caller's practice, in the order in which they were made. `own` is what the caller's practice paid, bears and is owed (below zero: owes), in whole US cents; `awaits` who has to approve. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) { agreement, period, state, ...page }: z.output<typeof listQuery>) {
    const after = startOf(page, statementId);
    const found = await this.work.run(caller.actor, (tx) => this.statements.list(tx, caller.practice, { agreement: agreement ?? null, period: period ?? null, state: state ?? null, after, limit: page.limit + 1 }));
    return pageOf(found, page.limit, ({ id }) => id, (statement) => summaryOfStatement(statement, caller.practice));
  }

  /** One statement with its result and all that it rests on. Amounts in whole US cents, dates by the calendar of `zone`, `until` not included. 404: the caller's practice is no party of it. */
  @Get(':id')
  @Permits('agreements:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', statementId) id: string) {
    return viewOfStatement(await this.one(caller, id), caller.practice);
  }

  /** The statement as CSV (RFC 4180, UTF-8, with a header line). `row` says what a line is: paid, agreed, share, net, transfer. `amount` is in dollars. The same bytes each time. */
  @Get(':id/csv')
  @Permits('agreements:read')
  @ApiProduces('text/csv')
  async csv(@CurrentStaff() caller: StaffCaller, @ZodParam('id', statementId) id: string, @Res() reply: FastifyReply): Promise<void> {
    const statement = await this.one(caller, id);
    void sendFile(reply, statement, 'csv').type('text/csv; charset=utf-8').send(statementCsv(statement));
  }

  /** The statement as a PDF in US Letter, for people who sign and file. The same bytes each time; who approved it is in the statement's JSON. */
  @Get(':id/pdf')
  @Permits('agreements:read')
  @ApiProduces('application/pdf')
  async pdf(@CurrentStaff() caller: StaffCaller, @ZodParam('id', statementId) id: string, @Res() reply: FastifyReply): Promise<void> {
    const statement = await this.one(caller, id);
    void sendFile(reply, statement, 'pdf').type('application/pdf').send(await statementPdf(statement));
  }

  /** Builds the statement anew from the agreement and the recorded costs as they are kept now, and says whether it is the same, byte for byte: SHA-256 of inputs, result, CSV and PDF, as kept and as rebuilt. 409: it was withdrawn. */
  @Get(':id/verification')
  @Permits('agreements:read')
  verify(@CurrentStaff() caller: StaffCaller, @ZodParam('id', statementId) id: string) {
    return this.work.run(caller.actor, (tx) => this.verifyStatement.execute(tx, id, caller.practice));
  }

  /** The caller's practice approves. Once every party has, the statement is final. Not by the person who made it (403), nor once it is final or withdrawn (409). A dispute of one's own practice ends with it. */
  @Post(':id/approve')
  @HttpCode(200)
  @Permits('agreements:sign')
  async approve(@CurrentStaff() caller: StaffCaller, @ZodParam('id', statementId) id: string, @ZodBody(nothing) _: unknown, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(caller, key, ['approve-statement', id], 200, reply, (tx) => this.judgeStatement.execute(tx, signatory(caller), id, null));
  }

  /** The caller's practice disputes the statement and says why; it stays open until that practice approves after all, or the statement is withdrawn. The reason names no patient. 409: it is final or withdrawn. */
  @Post(':id/dispute')
  @HttpCode(200)
  @Permits('agreements:sign')
  async dispute(@CurrentStaff() caller: StaffCaller, @ZodParam('id', statementId) id: string, @ZodBody(reasonBody) { reason }: z.output<typeof reasonBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(caller, key, ['dispute-statement', id, reason], 200, reply, (tx) => this.judgeStatement.execute(tx, signatory(caller), id, reason));
  }

  /** The practice that made the statement takes it back before it is final, so that the period can be stated again with what was missing. 403: another practice made it. */
  @Post(':id/withdraw')
  @HttpCode(200)
  @Permits('agreements:write')
  async withdraw(@CurrentStaff() caller: StaffCaller, @ZodParam('id', statementId) id: string, @ZodBody(reasonBody) { reason }: z.output<typeof reasonBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(caller, key, ['withdraw-statement', id, reason], 200, reply, (tx) => this.withdrawStatement.execute(tx, signatory(caller), id, reason));
  }

  private async one(caller: StaffCaller, id: string): Promise<Statement> {
    const statement = await this.work.run(caller.actor, (tx) => this.statements.find(tx, id, caller.practice));
    if (!statement) throw new StatementUnknown();
    return statement;
  }

  /** Why as a worker: what all parties read is written after the use-case has checked who may. */
  private async answer(caller: StaffCaller, key: string | undefined, request: unknown, success: number, reply: FastifyReply, fn: (tx: Tx) => Promise<Statement>): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, request, success, async (tx) => viewOfStatement(await fn(tx), caller.practice)));
  }
}

const signatory = ({ practice, actor }: StaffCaller) => ({ practice, subject: actor.subject });
const sendFile = (reply: FastifyReply, { id, inputs }: Statement, extension: string): FastifyReply =>
  reply.headers({ 'content-disposition': `attachment; filename="statement-${inputs.period.code}-${id}.${extension}"`, 'cache-control': 'no-store' });
