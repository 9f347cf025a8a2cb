import { Controller, Delete, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { appointmentId, localDate, openingId, providerId, siteId } from '@slotmesh/contracts';
import { DomainError, daysBetween, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery, problemOf } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { OverlapRefusals } from '../appointments/overlap-refusals';
import { viewOfAppointment } from '../appointments/appointment.view';
import { requireOwnPlace } from '../availability/hours';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { viewOfOpenings } from '../openings/opening.view';
import { answersBody } from '../policies/policy.schema';
import { type Page, pageOf, pageQuery, startOf as startOfPage } from '../shared/page';
import { writtenReason } from '../shared/written-reason';
import { AskByPhone } from './commands/ask-by-phone';
import { CloseDays } from './commands/close-days';
import { LiftAbsence } from './commands/lift-absence';
import { type AgreedMove, SettleVisit } from './commands/settle-visit';
import { type Absence, AbsenceRepository, type ClosedTime } from './persistence/absence.repository';
import { ProposeMoves } from './queries/propose-moves';
import { type AffectedVisit, ReadAbsence, startOf } from './queries/read-absence';

const idText = z.uuid();
const place = {
  provider: providerId.nullable().default(null), site: siteId.nullable().default(null),
  /** Whole days of the site's calendar, both inclusive; without `to` one day. */
  from: localDate, to: localDate.optional(),
};
const named = { path: ['provider'], message: 'name a provider, a site or both' };
const inOrder = { path: ['to'], message: 'must be from `from` to 92 days behind it' };
type Days = { readonly provider: unknown; readonly site: unknown; readonly from: ClosedTime['from']; readonly to?: ClosedTime['to'] | undefined };
const isNamed = ({ provider, site }: Days): boolean => provider !== null || site !== null;
const isInOrder = ({ from, to }: Days): boolean => to === undefined || (to >= from && daysBetween(from, to) <= 92);
const previewBody = z.strictObject(place).refine(isNamed, named).refine(isInOrder, inOrder);
const closeBody = z.strictObject({ ...place, reason: z.string().trim().min(1).max(200) }).refine(isNamed, named).refine(isInOrder, inOrder);
const move = z.strictObject({
  visit: appointmentId, opening: openingId,
  /** The patient's yes: how the desk heard it and who gave it. */
  answers: answersBody.optional(), breakGaps: z.boolean().default(false),
  agreed: z.strictObject({ how: z.enum(['phone', 'in-person', 'message']), by: z.enum(['patient', 'representative']) }),
});
const carryOutBody = z.strictObject({ moves: z.array(move).min(1).max(100).refine((moves) => new Set(moves.map(({ visit }) => visit)).size === moves.length, 'must name each visit once') });
const askBody = z.strictObject({ visits: z.array(appointmentId).min(1).max(100).optional() });
const keepBody = z.strictObject({ visit: appointmentId, reason: writtenReason });
const visitsQuery = pageQuery.extend({ limit: z.coerce.number().int().min(1).max(50).default(20), state: z.enum(['unresolved', 'moved', 'kept', 'cancelled', 'over']).optional() });
const position = z.string().regex(/^\d{1,16} [0-9a-f-]{36}$/);

@Controller('api/scheduling/v1/absences')
export class AbsencesController {
  constructor(
    private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly absences: AbsenceRepository, private readonly closeDays: CloseDays, private readonly liftAbsence: LiftAbsence,
    private readonly settle: SettleVisit, private readonly propose: ProposeMoves, private readonly read: ReadAbsence, private readonly overlaps: OverlapRefusals, private readonly askByPhone: AskByPhone,
  ) {}

  /**
   * Closes days of a provider or a site of the caller's practice. Searches, holds and bookings see it at once; holds and offers of the wait list on these days end, and so do group sessions that were opened ahead
   * and have no booked seat. No visit is moved or
   * cancelled by it: read the affected ones, agree with each patient, then move. Dates are of the site's calendar.
   */
  @Post()
  @HttpCode(201)
  @Permits('calendar:write')
  async close(@CurrentStaff() caller: StaffCaller, @ZodBody(closeBody) body: z.output<typeof closeBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    // Why as a worker: holds and offers of partners end with it; the use-case closes only the caller's own calendar.
    sendAnswer(reply, await this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, ['absence', body], 201, async (tx) => {
      const absence = await this.closeDays.execute(tx, desk, timeOf(caller, body), body.reason);
      return viewOfAbsence(absence, (await this.read.execute(tx, caller.practice, absence.id)).visits);
    }));
  }

  /** What closing these days would touch: visits, by id and time, and how many holds, rounds of offers and group sessions without a booked seat would end. Changes nothing. */
  @Post('preview')
  @HttpCode(200)
  @Permits('calendar:write')
  async preview(@CurrentStaff() caller: StaffCaller, @ZodBody(previewBody) body: z.output<typeof previewBody>) {
    const time = timeOf(caller, body);
    return this.work.run(caller.actor, async (tx) => {
      await requireOwnPlace(tx, { practice_id: time.practice, provider_id: time.provider, site_id: time.site });
      const [visits, holds, rounds, sessions] = await Promise.all([this.absences.visitsInside(tx, time), this.absences.holdsInside(tx, time), this.absences.roundsInside(tx, time), this.absences.sessionsInside(tx, time)]);
      tx.audit.record({ action: 'absence.previewed', entity: 'absence', entityId: '*', details: { count: visits.length } });
      return { visits, holds: holds.length, offerRounds: rounds.length, groupSessions: sessions.length };
    });
  }

  /** Absences of the caller's practice, in the order in which they were made. */
  @Get()
  @Permits('appointments:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(pageQuery) by: z.output<typeof pageQuery>) {
    const after = startOfPage(by, z.uuid());
    return pageOf(await this.work.run(caller.actor, (tx) => this.absences.list(tx, caller.practice, after, by.limit + 1)), by.limit, ({ id }) => id, (absence) => viewOfAbsence(absence, null));
  }

  /** One absence, with how many of its visits stand how. */
  @Get(':id')
  @Permits('appointments:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string) {
    const { absence, visits } = await this.work.run(caller.actor, (tx) => this.read.execute(tx, caller.practice, id));
    return viewOfAbsence(absence, visits);
  }

  /**
   * The affected visits, the earliest first; one that was being booked while the days were closed is among them. An unresolved one comes with up to three times to which it could go, best
   * first, and why: the same provider, then the same site, the same practice and partners by agreement; within notice and horizon and beside the patient's other visits. A visit that a
   * partner booked is proposed times of the own calendar only. Proposals may be stale, carrying out never is.
   */
  @Get(':id/visits')
  @Permits('appointments:read')
  async visits(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodQuery(visitsQuery) by: z.output<typeof visitsQuery>): Promise<Page<unknown>> {
    const after = startOfPage(by, position);
    return this.work.run(caller.actor, async (tx) => {
      const { visits } = await this.read.execute(tx, caller.practice, id);
      const wanted = visits.filter((visit) => (by.state === undefined || visit.state === by.state) && (after === null || isBehind(visit, after)));
      const { items, nextCursor } = pageOf(wanted, by.limit, positionOf, (visit) => visit);
      const shown = [];
      for (const visit of items) shown.push(viewOfVisit(visit, caller, tx.now, visit.state === 'unresolved' ? await this.propose.execute(tx, visit.appointment) : []));
      return { items: shown, nextCursor };
    });
  }

  /**
   * Moves one visit after the patient's yes, once, however often and by how many at once it is sent: inside the own calendar, or to a partner's, as a new visit there and the end of the old one, both or neither. 409: taken (with alternatives),
   * the patient has another visit then, or the visit is not affected any more, or a gap to visits that it is linked with breaks (`visit-chain-gap`, unless `breakGaps`); 422: it is a time of another service, or a partner booked it, who alone may take it to a third practice. The patient gets one message, that the visit has moved, in the name of who sees them now.
   */
  @Post(':id/moves')
  @HttpCode(200)
  @Permits('appointments:book')
  async move(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(move) body: z.output<typeof move>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.moveOne(caller, id, body, key));
  }

  /** Moves many visits, each whole or not at all, and answers for each. Sent again after a lost answer it goes on where it stopped: what has moved is not moved twice. */
  @Post(':id/carry-out')
  @HttpCode(200)
  @Permits('appointments:book')
  async carryOut(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(carryOutBody) { moves }: z.output<typeof carryOutBody>) {
    const { absence } = await this.work.run(caller.actor, (tx) => this.read.execute(tx, caller.practice, id));
    const items = [];
    for (const one of moves) {
      try {
        items.push({ visit: one.visit, moved: true, ...Object((await this.moveOne(caller, absence.id, one, undefined)).body) });
      } catch (error) {
        // Why only these: a failure of ours must not look like an answer.
        if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
        items.push({ visit: one.visit, moved: false, problem: problemOf(error.kind, error.code, error.message, error.details) });
      }
    }
    return { items };
  }

  /**
   * Puts affected visits on the call list of the own practice (`GET /api/reminders/v1/call-list`, `reason` is `absence`), each with up to three times to which it could go: those that are named, or all that are
   * unresolved, the earliest 100. Answers for each; once more is the same call. The call leaves the list when the visit moves, ends or begins. The times are not held.
   * The patient who may be written to gets one text or mail with the link of the visit's own page, outside quiet hours: there it cannot be confirmed any more, and is moved by the patient's own choice among times of the same practice and visit type.
   */
  @Post(':id/ask')
  @HttpCode(200)
  @Permits('appointments:book')
  async ask(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(askBody) { visits: named }: z.output<typeof askBody>) {
    const { visits } = await this.work.run(caller.actor, (tx) => this.read.execute(tx, caller.practice, id));
    const items = [];
    for (const visit of named ?? visits.filter(({ state }) => state === 'unresolved').slice(0, 100).map(({ appointment }) => appointment.id)) {
      try {
        items.push({ visit, asked: true, proposals: await this.work.run(caller.actor, (tx) => this.askByPhone.execute(tx, { practice: caller.practice, subject: caller.actor.subject }, id, visit)) });
      } catch (error) {
        if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
        items.push({ visit, asked: false, problem: problemOf(error.kind, error.code, error.message, error.details) });
      }
    }
    return { items };
  }

  /** The visit takes place although the days are closed; says why. */
  @Post(':id/keep')
  @HttpCode(204)
  @Permits('appointments:book')
  async keep(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string, @ZodBody(keepBody) { visit, reason }: z.output<typeof keepBody>): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.settle.keep(tx, { practice: caller.practice, subject: caller.actor.subject }, id, visit, reason));
  }

  /** Opens the days again. Visits that were moved stay where they went, and group sessions that ended with the closing stay closed. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('calendar:write')
  async lift(@CurrentStaff() caller: StaffCaller, @ZodParam('id', idText) id: string): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.liftAbsence.execute(tx, caller.practice, id));
  }

  private moveOne(caller: StaffCaller, id: string, agreed: AgreedMove, key: string | undefined) {
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    return this.overlaps.watch(caller.actor, { entity: 'appointment', id: agreed.visit }, (unlessStopped) => this.idempotency.answer(caller.actor, key, ['absence-move', id, agreed], 200, unlessStopped(async (tx) => ({ visit: agreed.visit, appointment: await this.settle.move(tx, desk, id, agreed) }))));
  }
}

const timeOf = (caller: StaffCaller, { provider, site, from, to }: z.output<typeof previewBody>): ClosedTime => ({ practice: caller.practice, provider, site, from, to: to ?? from });
const positionOf = (visit: AffectedVisit): string => `${startOf(visit)} ${visit.appointment.id}`;
function isBehind(visit: AffectedVisit, after: string): boolean {
  const [start = '', id = ''] = after.split(' ');
  return startOf(visit) > Number(start) || (startOf(visit) === Number(start) && visit.appointment.id > id);
}

const STATES = ['unresolved', 'moved', 'kept', 'cancelled', 'over'] as const;
const viewOfAbsence = (a: Absence, visits: readonly AffectedVisit[] | null) => ({
  id: a.id, provider: a.provider, site: a.site, from: a.from, to: a.to, reason: a.reason, state: a.closure === null ? 'lifted' : 'closed', closure: a.closure, closedAt: formatInstant(a.closedAt), liftedAt: a.liftedAt === null ? null : formatInstant(a.liftedAt),
  ...(visits === null ? {} : { visits: Object.fromEntries(STATES.map((state) => [state, visits.filter((visit) => visit.state === state).length])) }),
});
function viewOfVisit({ appointment, record, state, note }: AffectedVisit, caller: StaffCaller, now: Parameters<typeof viewOfAppointment>[2], proposals: Awaited<ReturnType<ProposeMoves['execute']>>) {
  const views = viewOfOpenings(proposals.map(({ to }) => to.found), caller.practice);
  return {
    visit: viewOfAppointment(appointment, caller.practice, now), state, closedStart: formatInstant(record?.start ?? appointment.start), movedTo: record?.movedTo ?? null, agreed: record?.agreed ?? null, note,
    settledBy: record?.settledBy ?? null, settledAt: record?.settledAt ? formatInstant(record.settledAt) : null,
    proposals: views.map((view, i) => ({ opening: view, why: proposals[i]?.why ?? '' })),
  };
}
