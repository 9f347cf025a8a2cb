import { Readable } from 'node:stream';
import { Controller, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { appointmentId, instantText } from '@slotmesh/contracts';
import { type PracticeId, formatInstant } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Signatory } from '../agreements/domain/agreement-version';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { writtenReason } from '../shared/written-reason';
import { BeginExit } from './commands/begin-exit';
import { SettleExit } from './commands/settle-exit';
import { type ExitPlan, checklistOf, writtenItems } from './domain/exit-plan';
import { ExitPlanUnknown, ExitStepRefused, NotTheLeaver } from './exit.errors';
import { ExitPlanRepository } from './persistence/exit-plan.repository';
import { ExportData } from './queries/export-data';

const idText = z.uuid();
const beginBody = z.strictObject({ reason: writtenReason });
const confirmBody = z.strictObject({ notBefore: instantText.nullable().default(null) });
const honourBody = z.strictObject({ visits: z.array(appointmentId).min(1).max(500).nullable().default(null) });
const evidenceBody = z.strictObject({ item: z.enum(writtenItems), evidence: z.string().trim().min(5, 'must say in at least 5 characters what shows it').max(2_000), document: z.string().trim().min(1).max(500).nullable().default(null) });
const exportQuery = z.object({ content: z.enum(['patients', 'appointments']).default('patients'), format: z.enum(['fhir', 'csv']).default('fhir') });
const place = z.string().transform((text) => text.split(' ')).pipe(z.tuple([instantText, z.uuid()]));

@Controller('api/scheduling/v1/exit-plans')
@UseInterceptors(RefusedAttempts)
export class ExitPlansController {
  constructor(private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly plans: ExitPlanRepository, private readonly begin: BeginExit, private readonly settle: SettleExit, private readonly exportData: ExportData) {}

  /** Exit plans of the partnership that one's own practice is or was in. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<ReturnType<typeof summaryOf>>> {
    const after = startOf(page, idText);
    return pageOf(await this.work.run(caller.actor, (tx) => this.plans.list(tx, after, page.limit + 1)), page.limit, ({ id }) => id, summaryOf);
  }

  /** One exit plan with its checklist: each line is done, with what shows it, or says what is left to do. When it is closed, its certificate. Instants in UTC. 404: one's practice is no party. */
  @Get(':id')
  @Permits('agreements:read')
  get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string) {
    return this.work.run(asWorker(caller), (tx) => this.view(tx, caller.practice, id));
  }

  /** Notice that one's own practice leaves its partnership, by one person; nothing changes until a second one confirms it. 409: there is a plan. 422: in no partnership. */
  @Post()
  @HttpCode(201)
  @Permits('agreements:sign')
  async give(@CurrentStaff() caller: StaffCaller, @ZodBody(beginBody) body: z.output<typeof beginBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(asWorker(caller), key, ['exit-plan', body], 201, async (tx) => this.view(tx, caller.practice, await this.begin.give(tx, signatory(caller), body.reason))));
  }

  /**
   * A second person of the practice confirms the notice. The exit comes after the longest days of notice of its agreements (90 where none says), or at `notBefore` where that is later. At once nobody waits for its time any more across practices,
   * and nothing at or behind the exit is bookable across; what is booked stays. 403: the same person. 409: confirmed or taken back.
   */
  @Post(':id/confirm')
  @HttpCode(200)
  @Permits('agreements:sign')
  confirm(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(confirmBody) { notBefore }: z.output<typeof confirmBody>) {
    return this.step(caller, id, (tx) => this.begin.confirm(tx, signatory(caller), id, notBefore));
  }

  /** Takes a notice back that nobody has confirmed. */
  @Post(':id/withdraw')
  @HttpCode(200)
  @Permits('agreements:sign')
  withdraw(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string) {
    return this.step(caller, id, (tx) => this.begin.withdraw(tx, signatory(caller), id));
  }

  /** Visits behind the exit that one's own practice hosts or booked, by start, with its own record of the patient: whom to tell, and what is open. Times in UTC with the site's `zone`. */
  @Get(':id/visits')
  @Permits('appointments:read')
  async visits(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodQuery(pageQuery) page: PageQuery) {
    const after = startOf(page, place);
    const rows = await this.work.run(asWorker(caller), async (tx) => {
      await this.require(tx, caller.practice, id);
      const found = await this.plans.visits(tx, id, caller.practice, after && { start: after[0], id: after[1] }, page.limit + 1);
      tx.audit.record({ action: 'exit.visits-read', entity: 'exit-plan', entityId: id, details: { count: Math.min(found.length, page.limit) } });
      return found;
    });
    return pageOf(rows, page.limit, ({ start, appointment }) => `${formatInstant(start)} ${appointment}`, (visit) => ({ ...visit, start: formatInstant(visit.start) }));
  }

  /** The host's promise to see the patients of visits behind the exit: the named ones, or all that it hosts. 422: one of them is not the caller's to promise; nothing is changed then. */
  @Post(':id/honour')
  @HttpCode(200)
  @Permits('agreements:write')
  honour(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(honourBody) { visits }: z.output<typeof honourBody>) {
    return this.step(caller, id, (tx) => this.settle.honour(tx, signatory(caller), id, visits));
  }

  /** The leaving practice's evidence for a line that people answer for: patients told, final statement, records kept. Of a line that is given twice the later one stands. */
  @Post(':id/evidence')
  @HttpCode(200)
  @Permits('agreements:write')
  evidence(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(evidenceBody) body: z.output<typeof evidenceBody>) {
    return this.step(caller, id, (tx) => this.settle.evidence(tx, signatory(caller), id, body));
  }

  /** The leaving practice's own patients or appointments, whole: FHIR R4 as one resource a line (application/fhir+ndjson), or CSV (RFC 4180). Every patient leaves an audit row. The checklist counts what was taken to its end after the exit. */
  @Get(':id/export')
  @Permits('agreements:sign')
  @ApiProduces('application/fhir+ndjson', 'text/csv')
  async export(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodQuery(exportQuery) { content, format }: z.output<typeof exportQuery>, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    await this.work.run(asWorker(caller), async (tx) => {
      const plan = await this.require(tx, caller.practice, id);
      if (plan.practice !== caller.practice) throw new NotTheLeaver();
      if (plan.state !== 'leaving' && plan.state !== 'left') throw new ExitStepRefused(plan.state, 'there is nothing to return');
    });
    const [type, ending] = format === 'csv' ? ['text/csv; charset=utf-8', 'csv'] : ['application/fhir+ndjson', 'ndjson'];
    void reply.headers({ 'content-type': type, 'content-disposition': `attachment; filename="${content}.${ending}"`, 'cache-control': 'no-store' });
    void reply.send(Readable.from(this.exportData.lines(caller, id, content, format), { objectMode: false }));
    return reply;
  }

  /** Closes the plan with a certificate (JSON, with the SHA-256 of its canonical form). 409 `checklist-open`: a line has no evidence; `open` names them. */
  @Post(':id/close')
  @HttpCode(200)
  @Permits('agreements:sign')
  close(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string) {
    return this.step(caller, id, (tx) => this.settle.close(tx, signatory(caller), id));
  }

  private step(caller: StaffCaller, id: string, change: (tx: Tx) => Promise<unknown>) {
    return this.work.run(asWorker(caller), async (tx) => {
      await change(tx);
      return this.view(tx, caller.practice, id);
    });
  }

  private async view(tx: Tx, reader: PracticeId, id: string) {
    const plan = await this.require(tx, reader, id);
    return { ...summaryOf(plan), checklist: checklistOf(plan, await this.plans.findings(tx, plan), await this.plans.evidence(tx, id)), certificate: await this.plans.certificate(tx, id) };
  }

  private async require(tx: Tx, reader: PracticeId, id: string): Promise<ExitPlan> {
    const plan = await this.plans.find(tx, id, reader);
    if (!plan) throw new ExitPlanUnknown();
    return plan;
  }
}

/** Why as a worker: a plan is read and worked on by several practices; each use-case says who may. */
const asWorker = ({ actor }: StaffCaller) => ({ ...actor, kind: 'worker' as const });
const signatory = ({ practice, actor }: StaffCaller): Signatory => ({ practice, subject: actor.subject });
const text = (at: ExitPlan['exitAt']): string | null => (at === null ? null : formatInstant(at));
const summaryOf = (plan: ExitPlan) => ({ ...plan, givenAt: formatInstant(plan.givenAt), confirmedAt: text(plan.confirmedAt), exitAt: text(plan.exitAt), leftAt: text(plan.leftAt), closedAt: text(plan.closedAt) });
