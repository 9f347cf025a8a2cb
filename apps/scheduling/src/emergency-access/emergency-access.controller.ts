import { Controller, Delete, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { emergencyAccessId, instantText, localDate, practiceId } from '@slotmesh/contracts';
import { type EmergencyAccessId, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Signatory } from '../agreements/domain/agreement-version';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { parseName } from '../patients/domain/name';
import { PatientVault } from '../patients/patient-vault';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { parsedBy } from '../shared/parsed-by';
import { writtenReason } from '../shared/written-reason';
import { AcknowledgeEmergencyAccess } from './commands/acknowledge-emergency-access';
import { BeginEmergencyAccess } from './commands/begin-emergency-access';
import { EndEmergencyAccess } from './commands/end-emergency-access';
import { ReadInEmergency } from './commands/read-in-emergency';
import { WatchEmergencies } from './commands/watch-emergencies';
import { LONGEST_MINUTES, USUAL_MINUTES } from './domain/emergency-access';
import { type AccessView, ListEmergencyAccesses } from './queries/list-emergency-accesses';

const askBody = z.strictObject({
  host: practiceId, givenName: parsedBy(parseName), familyName: parsedBy(parseName), birthDate: localDate, purpose: z.literal('treatment'),
  reason: z.string().trim().min(20, 'must say in at least 20 characters what the emergency is').max(1_000), minutes: z.int().min(5).max(LONGEST_MINUTES).default(USUAL_MINUTES),
});
const acknowledgeBody = z.strictObject({ text: writtenReason });
const place = z.string().transform((text) => text.split(' ')).pipe(z.tuple([z.enum(['0', '1']), instantText, z.uuid()]));

@Controller('api/scheduling/v1/emergency-access')
@UseInterceptors(RefusedAttempts)
export class EmergencyAccessController {
  constructor(
    private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly vault: PatientVault, private readonly begin: BeginEmergencyAccess, private readonly watch: WatchEmergencies, private readonly read: ReadInEmergency,
    private readonly end: EndEmergencyAccess, private readonly acknowledgement: AcknowledgeEmergencyAccess, private readonly accesses: ListEmergencyAccesses,
  ) {}

  /** Accesses to patients of one's own practice (those that it has yet to acknowledge first) and accesses that its own people had, newest first. Instants in UTC. */
  @Get()
  @Permits('emergency:access')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<AccessView>> {
    const after = startOf(page, place);
    const rows = await this.work.run(asWorker(caller), (tx) => this.accesses.execute(tx, caller.practice, after && { waits: after[0] === '1', begunAt: after[1], id: after[2] }, page.limit));
    return pageOf(rows, page.limit, (row) => row.place, ({ view }) => view);
  }

  /**
   * In an emergency: one patient's minimum at a partner, for the person who asks and for `minutes` (60, at most 240), to treat the patient and for no other purpose. Both practices have it in their audit, the patient's is told at once. The purpose is always treatment;
   * the reason is kept sealed and both practices read it. The whole name and the birth date have to be right. 403: nothing agreed with that practice is in force. 404: no such patient, or more than one. 422: one's own practice. 429: more than five an hour.
   */
  @Post()
  @HttpCode(201)
  @Permits('emergency:access')
  async ask(@CurrentStaff() caller: StaffCaller, @ZodBody(askBody) body: z.output<typeof askBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const answer = this.idempotency.answer(asWorker(caller), key, ['emergency-access', this.vault.fingerprintOf(body)], 201, (tx) => this.watch.counted(tx, async () => {
      const { id, host, begunAt, endsAt } = await this.begin.execute(tx, signatory(caller), body);
      return { id, host, begunAt: formatInstant(begunAt), endsAt: formatInstant(endsAt) };
    }));
    sendAnswer(reply, await this.watch.refusals(caller, body.host, answer));
  }

  /** The patient's minimum: name, birth date, phone, language, needs and coming visits (start in UTC with the site's `zone`); nothing else. Every reading is audited under both practices and logged as a disclosure. 403: another person's access. 410: it is over. */
  @Get(':id/patient')
  @Permits('emergency:access')
  async patient(@CurrentStaff() caller: StaffCaller, @ZodParam('id', emergencyAccessId) id: EmergencyAccessId, @Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('cache-control', 'no-store');
    return this.work.run(asWorker(caller), (tx) => this.read.execute(tx, signatory(caller), id));
  }

  /** Ends it before its time; either practice may. 410: it is over already. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('emergency:access')
  async stop(@CurrentStaff() caller: StaffCaller, @ZodParam('id', emergencyAccessId) id: EmergencyAccessId): Promise<void> {
    await this.work.run(asWorker(caller), (tx) => this.end.byHand(tx, signatory(caller), id));
  }

  /** A manager of the patient's practice has looked at it, and says in a text what comes of it. 403: the other practice's. 409: acknowledged already. */
  @Post(':id/acknowledge')
  @HttpCode(204)
  @Permits('emergency:acknowledge')
  async acknowledge(@CurrentStaff() caller: StaffCaller, @ZodParam('id', emergencyAccessId) id: EmergencyAccessId, @ZodBody(acknowledgeBody) { text }: z.output<typeof acknowledgeBody>): Promise<void> {
    await this.work.run(asWorker(caller), (tx) => this.acknowledgement.execute(tx, signatory(caller), id, text));
  }
}

/** Why as a worker: audit rows stand under both practices, and a partner's rows are read by owner functions that look whose access it is and whether it runs. */
const asWorker = ({ actor }: StaffCaller) => ({ ...actor, kind: 'worker' as const });
const signatory = ({ practice, actor }: StaffCaller): Signatory => ({ practice, subject: actor.subject });
