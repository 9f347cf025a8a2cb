import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { localDate, patientId, recallId, recallKind, zone } from '@slotmesh/contracts';
import { type LocalDate, type RecallId, formatInstant } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { RecordRecall } from './commands/record-recall';
import { type RecallStep, StepRecall } from './commands/step-recall';
import { type Recall, recallTerms } from './domain/recall';
import { ListRecalls } from './queries/list-recalls';
import { ShowRecall } from './queries/show-recall';

const place = z.object({ due: localDate, id: z.uuid() });
const cursor = z.string().transform((text, context) => {
  try {
    return place.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a nextCursor of an earlier answer' });
    return z.NEVER;
  }
});
const listQuery = z.object({
  list: z.enum(['due', 'overdue', 'unanswered', 'open', 'all']).default('open'), patient: patientId.optional(), kind: recallKind.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50), cursor: cursor.optional(),
});
const recordBody = z.object({ patient: patientId, kind: recallKind, due: localDate, zone: zone.optional(), note: z.string().trim().min(1).max(2_000).optional(), ...recallTerms.shape });
const doneBody = z.object({ on: localDate.optional() });
const stopBody = z.object({ reason: z.enum(['not-needed', 'moved-away', 'recorded-by-mistake', 'other']) });
const postponeBody = z.object({ due: localDate });
const idempotencyKey = z.string().trim().min(1).max(255).nullable();
const etag = z.string().regex(/^\s*(?:W\/)?"\d{1,9}"\s*$|^\s*\*\s*$/, 'must be the ETag that you were given, such as "3"').optional();

@Controller('api/reminders/v1/recalls')
export class RecallsController {
  constructor(private readonly record: RecordRecall, private readonly step: StepRecall, private readonly list: ListRecalls, private readonly show: ShowRecall) {}

  /**
   * Records that a patient of the caller's practice is due for something. Written to first `firstDaysBefore` days before `due`, at 10:00 of the patient's wall clock, then every `repeatEveryDays` days, `maxMessages` times at most; a visit
   * of one of `services` or `visitTypes` here, from `countsFromDaysBefore` days before `due` on, ends that. With `everyMonths` the next one is made when this one is done. `note` is for staff, sealed, and in no message. `zone` is that of the
   * patient if absent. The same `Idempotency-Key` gives the same recall. 404: no such patient here; 409: an open recall of this kind stands (a care plan may have several); 410: deceased or erased.
   */
  @Post()
  @Permits('recalls:write')
  async add(@CurrentStaff() caller: StaffCaller, @ZodBody(recordBody) body: z.output<typeof recordBody>, @Headers('idempotency-key') key: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const { patient, kind, due, zone: given, note, ...terms } = body;
    return answer(reply, await this.record.execute(caller.actor, caller.practice, { patient, kind, due, zone: given, note, terms }, idempotencyKey.parse(key?.replace(/^\s*"(.*)"\s*$/, '$1') ?? null)));
  }

  /** Recalls of the caller's practice by due date: `due` (to be asked about now), `overdue`, `unanswered` (open, but nobody is written to any more; `reason` says why), `open` (also those with a visit), `all`. */
  @Get()
  @Permits('patients:read')
  async find(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) query: z.output<typeof listQuery>) {
    const { rows, more } = await this.list.execute(caller.actor, caller.practice, { view: query.list, patient: query.patient ?? null, kind: query.kind ?? null, after: query.cursor ?? null, limit: query.limit });
    const last = rows.at(-1);
    return { items: rows.map(shown), nextCursor: more && last ? Buffer.from(JSON.stringify({ due: last.due, id: last.id })).toString('base64url') : null };
  }

  /** One recall with the note of staff, every message with what became of it, and when the next one goes. */
  @Get(':id')
  @Permits('patients:read')
  async one(@CurrentStaff() caller: StaffCaller, @ZodParam('id', recallId) id: RecallId, @Res({ passthrough: true }) reply: FastifyReply) {
    const { recall, note, messages, nextMessageAt } = await this.show.execute(caller.actor, id);
    return { ...answer(reply, recall), note, messages, nextMessageAt: nextMessageAt === null ? null : formatInstant(nextMessageAt) };
  }

  /** It was done, on `on` or today. What recurs is due again `everyMonths` later. 409: closed already; 412: changed since the ETag in `If-Match`. */
  @Post(':id/done')
  @HttpCode(200)
  @Permits('recalls:write')
  done(@CurrentStaff() caller: StaffCaller, @ZodParam('id', recallId) id: RecallId, @ZodBody(doneBody) { on }: z.output<typeof doneBody>, @Headers('if-match') seen: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.go(caller, id, seen, { to: 'done', on: on ?? null }, reply);
  }

  /** The patient does not want it; nobody is written to any more. 409: closed already; 412: changed since. */
  @Post(':id/decline')
  @HttpCode(200)
  @Permits('recalls:write')
  decline(@CurrentStaff() caller: StaffCaller, @ZodParam('id', recallId) id: RecallId, @Headers('if-match') seen: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.go(caller, id, seen, { to: 'declined' }, reply);
  }

  /** The practice ends it for another reason. 409: closed already; 412: changed since. */
  @Post(':id/stop')
  @HttpCode(200)
  @Permits('recalls:write')
  stop(@CurrentStaff() caller: StaffCaller, @ZodParam('id', recallId) id: RecallId, @ZodBody(stopBody) { reason }: z.output<typeof stopBody>, @Headers('if-match') seen: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.go(caller, id, seen, { to: 'stopped', reason }, reply);
  }

  /** Due later; the patient is asked anew by the same rule. 409: closed, or a visit is booked for it; 412: changed since. */
  @Post(':id/postpone')
  @HttpCode(200)
  @Permits('recalls:write')
  postpone(@CurrentStaff() caller: StaffCaller, @ZodParam('id', recallId) id: RecallId, @ZodBody(postponeBody) { due }: { due: LocalDate }, @Headers('if-match') seen: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.go(caller, id, seen, { to: 'postponed', due }, reply);
  }

  private async go(caller: StaffCaller, id: RecallId, ifMatch: string | undefined, step: RecallStep, reply: FastifyReply) {
    const digits = z.object({ 'if-match': etag }).parse({ 'if-match': ifMatch })['if-match']?.match(/\d+/)?.[0];
    return answer(reply, await this.step.execute(caller.actor, id, digits === undefined ? null : Number(digits), step));
  }
}

function answer(reply: FastifyReply, recall: Recall) {
  void reply.header('etag', `"${recall.revision}"`);
  return shown(recall);
}

const shown = (recall: Recall) => ({
  id: recall.id, patient: recall.patient, kind: recall.kind, revision: recall.revision, state: recall.state, reason: recall.reason, due: recall.due, zone: recall.zone, ...recall.terms, messagesAsked: recall.messages,
  lastMessageAt: recall.lastMessageAt === null ? null : formatInstant(recall.lastMessageAt), appointment: recall.appointment, doneOn: recall.doneOn, rule: recall.rule, previous: recall.previous, hasNote: recall.sealedNote !== null,
  recordedAt: formatInstant(recall.recordedAt), recordedBy: recall.recordedBy,
});
