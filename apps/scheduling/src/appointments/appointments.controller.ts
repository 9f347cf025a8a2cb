import { Controller, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { appointmentId, appointmentStatus, holdId, instantText, openingId, patientId, providerId, referralId, siteId, visitTypeId } from '@slotmesh/contracts';
import { type AppointmentId, Clock, DomainError } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { sendAnswer } from '../http/send';
import { MarkRepository } from '../marks/persistence/mark.repository';
import { viewOfMark } from '../marks/queries/read-marks';
import { VisitReasons } from '../patients/visit-reasons';
import { answersBody } from '../policies/policy.schema';
import { writtenReason } from '../shared/written-reason';
import { viewOfAppointment, viewOfLinked } from './appointment.view';
import { BookAppointment, type Booking } from './commands/book-appointment';
import { CancelAppointment } from './commands/cancel-appointment';
import { RescheduleAppointment } from './commands/reschedule-appointment';
import { type Step, StepAppointment } from './commands/step-appointment';
import type { Override } from './commands/take-person-time';
import type { Appointment } from './domain/appointment';
import { AppointmentUnknown } from './domain/appointment.errors';
import { bookingReferral, bookingSource } from './domain/origin';
import { OverlapRefusals } from './overlap-refusals';
import { AppointmentRepository } from './persistence/appointment.repository';

const why = z.object({ reason: writtenReason });
const override = why.optional();
const despiteMarks = why.optional();
/** Beside the own calendar: `start` of what is urgent; who walks in is there now. */
const place = z.strictObject({ visitType: visitTypeId, provider: providerId, site: siteId, start: instantText.optional() });
const bookRequest = z.strictObject({ hold: holdId.optional(), opening: openingId.optional(), at: place.optional(), urgent: why.optional(), walkIn: z.literal(true).optional(), patient: patientId, reason: z.string().trim().min(1).max(500).optional(), referral: referralId.optional(), answers: answersBody.optional(), confidential: z.boolean().default(false), override, despiteMarks, overbook: z.literal(true).optional(), source: bookingSource.optional(), bookingReferral: bookingReferral.optional() })
  .refine((body) => body.bookingReferral === undefined || body.source !== undefined, { message: 'is needed with bookingReferral: whose reference it is', path: ['source'] })
  .refine((body) => [body.hold, body.opening, body.at].filter((what) => what !== undefined).length === 1, { message: 'give either hold or opening, or at for an urgent visit or a walk-in', path: ['hold'] })
  .refine((body) => (body.at !== undefined) === (body.urgent !== undefined || body.walkIn !== undefined), { message: 'goes with urgent or walkIn, and they with it', path: ['at'] })
  .refine((body) => body.at === undefined || (body.overbook === undefined && (body.urgent === undefined) !== (body.walkIn === undefined) && (body.urgent !== undefined) === (body.at.start !== undefined)), { message: 'start goes with urgent, not with walkIn, and a visit is one of the two', path: ['at'] });
const rescheduleRequest = z.strictObject({ opening: openingId, answers: answersBody.optional(), breakGaps: z.boolean().default(false), override });
const cancelRequest = z.strictObject({ reason: z.string().regex(/^[a-z][a-z-]{1,30}$/, 'must be a code such as pat, prov or oth').default('oth') });
const visitStep = z.enum(['arrive', 'check-in', 'complete', 'no-show', 'reopen']);
const nothing = z.object({});
const listQuery = z.object({
  from: instantText.optional(), to: instantText.optional(), patient: patientId.optional(), provider: providerId.optional(), status: appointmentStatus.optional(),
  site: siteId.optional(),
  /** Hosted by the caller's practice, past the end, without an outcome. */
  unmarked: z.stringbool().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50), cursor: z.string().max(200).optional(),
});
const page = z.tuple([instantText, z.uuid()]);

@Controller('api/scheduling/v1/appointments')
export class AppointmentsController {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly appointments: AppointmentRepository,
    private readonly bookAppointment: BookAppointment,
    private readonly rescheduleAppointment: RescheduleAppointment,
    private readonly cancelAppointment: CancelAppointment,
    private readonly stepAppointment: StepAppointment,
    private readonly reasons: VisitReasons,
    private readonly overlaps: OverlapRefusals,
    private readonly marks: MarkRepository,
  ) {}

  /**
   * Books a hold of this desk, or an opening at once, for a patient of the caller's practice. 409 taken or `session-limit` (with alternatives), hold ended, or the patient has another visit then; 422 `kept-for`: the block is kept for other visit types.
   * `referral` is one of this patient for this practice and service that is accepted (and authorised, where needed): it is scheduled with the booking and follows the visit.
   * `answers` to the questions of the visit type, by their id (yes and no, or true and false, for yes-no); only the host reads them. 422 `required-answers`, `answers-do-not-fit`, a `policy-..` that names the host's
   * policy, or `red-flag`: do not book, tell the patient the host's `instruction` (en, es).
   * 422 `policy-marks`, in the own calendar only: the patient has more marks than the practice lets pass; `despiteMarks` with a reason goes past it. `cancelFreeUntil` in the answer, in `zone`: the last moment at which the
   * patient may call it off or move it without a mark; null: at any time, also where it was booked too late for that.
   * At a partner's provider who answers first the visit is `pending`, with everything taken, until its host's desk approves or declines it; nobody is told that it is booked before. `approval.by` (UTC): when nobody has answered until then, it
   * lapses, which is a no. `GET /approval-requests?side=booking&state=refused` shows what was refused.
   * `overbook`, by permission and in the own calendar only: where the hours allow it, beside another visit.
   * `at` with `urgent`, by a permission of its own and with a written reason that is audited: a visit beside whatever is there, at any minute at which the provider works (rooms have to be free). `at` with `walkIn`: somebody who
   * stands at the own desk, in a lane that the hours keep for that; it begins now and has arrived. 403 `urgent-not-permitted`; 422 `not-open-then`, `no-walk-ins`, `group-has-no-extra-visit`. `confidential` keeps the visit from representatives, parents included.
   * `source` and `bookingReferral` are what the page behind a public deep link shows and the patient reads out; a reference stands for one booking: 409 `booking-referral-used`.
   */
  @Post()
  @HttpCode(201)
  @Permits('appointments:book')
  async book(@CurrentStaff() caller: StaffCaller, @ZodBody(bookRequest) body: z.output<typeof bookRequest>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const what: Booking['what'] | null = body.hold ? { hold: body.hold } : body.opening ? { opening: body.opening } : extraOf(caller, body);
    if (what === null) throw new DomainError('invalid', 'invalid-request', 'Give either hold or opening.');
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    sendAnswer(reply, await this.overlaps.watch(caller.actor, { entity: 'patient', id: body.patient }, (unlessStopped) => this.idempotency.answer(caller.actor, key, ['book', body], 201, unlessStopped(async (tx) => this.view(caller, await this.arrived(tx, body.walkIn, await this.bookAppointment.execute(tx, desk, { what, patient: body.patient, reason: body.reason ?? null, referral: body.referral ?? null, confidential: body.confidential, ...(body.answers ? { answers: body.answers } : {}), override: overrideOf(caller, body.override), ...(body.despiteMarks ? { despiteMarks: body.despiteMarks.reason } : {}), ...(body.source ? { origin: { source: body.source, bookingReferral: body.bookingReferral ?? null } } : {}), ...(body.overbook ? { overbook: { permitted: caller.permissions.has('appointments:overbook') } } : {}) })))))));
  }

  /** Who walks in is there. */
  private arrived(tx: Tx, walkIn: true | undefined, visit: Appointment): Promise<Appointment> | Appointment {
    return walkIn ? this.stepAppointment.execute(tx, visit.id, 'arrive', null) : visit;
  }

  /**
   * What the caller's practice hosts or booked, by start; `from` and `to` bound the time of the visit. `unmarked=true`: what it hosts that is past its end and still without an outcome (complete, no-show, cancel it);
   * such a visit is in no rate, and nobody is texted about it.
   */
  @Get()
  @Permits('appointments:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) { cursor, limit, unmarked, ...asked }: z.output<typeof listQuery>) {
    const [start, id] = cursor ? page.parse(Buffer.from(cursor, 'base64url').toString('utf8').split(' ')) : [];
    const after = start && id ? { start, id } : null;
    const found = await this.work.run(caller.actor, async (tx) => {
      const rows = await this.appointments.list(tx, { ...clean(asked), ...(unmarked ? { unmarked: { host: caller.practice, at: tx.now } } : {}), ...(after ? { after } : {}), limit: limit + 1 });
      tx.audit.record({ action: 'appointment.listed', entity: 'appointment', entityId: '*', details: { count: Math.min(rows.length, limit) } });
      return rows;
    });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items: items.map((appointment) => this.view(caller, appointment)), nextCursor: found.length > limit && last ? Buffer.from(`${new Date(last.start).toISOString()} ${last.id}`).toString('base64url') : null };
  }

  /**
   * One appointment, with the steps that are allowed now. `needs` of the patient, `extraMinutes` that the visit is longer for them, and `needsToArrange`: what the host keeps no resource for. The
   * `linked` are the visits that it was booked with as one, as far as the caller sees them. The
   * reason, the answers, its `marks` (late cancels and moves, no-show) and the `resources` that are taken (provider, room, interpreter ..), only for its host.
   */
  @Get(':id')
  @Permits('appointments:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', appointmentId) id: AppointmentId, @Res({ passthrough: true }) reply: FastifyReply) {
    const { found, reason, answers, resources, marks, linked } = await this.work.run(caller.actor, async (tx) => {
      const found = await this.appointments.find(tx, id);
      if (!found) throw new AppointmentUnknown();
      tx.audit.record({ action: 'appointment.read', entity: 'appointment', entityId: id, patient: found.patient });
      const reason = found.sealedReason !== null && found.host === caller.practice ? await this.reasons.open(tx, found.host, id, found.sealedReason) : null;
      const resources = found.host === caller.practice ? await this.appointments.resourcesOf(tx, id) : null;
      const marks = found.host === caller.practice ? (await this.marks.ofVisit(tx, found.host, id)).map(viewOfMark) : null;
      const answers = found.sealedAnswers !== null && found.host === caller.practice ? answersBody.parse(JSON.parse(await this.reasons.open(tx, found.host, id, found.sealedAnswers, 'answers'))) : null;
      return { found, reason, answers, resources, marks, linked: await this.linked(tx, found) };
    });
    void reply.header('etag', `"${found.version}"`);
    return { ...this.view(caller, found), reason, answers, resources, marks, linked };
  }

  /** Moves the visit to another opening of the same host; the patient is asked again. 422 `approval-needed`: the provider there answers partners first, so a move could lose the visit; a request that waits (`pending`) is not moved at all (409). Policy is decided for the new time; `answers` where it is of another visit type, which asks something else. One of linked
   * visits that would break a gap to the others is refused (409 `visit-chain-gap`) unless `breakGaps`. */
  @Post(':id/reschedule')
  @HttpCode(200)
  @Permits('appointments:book')
  async reschedule(@CurrentStaff() caller: StaffCaller, @ZodParam('id', appointmentId) id: AppointmentId, @ZodBody(rescheduleRequest) body: z.output<typeof rescheduleRequest>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const move = { id, opening: body.opening, answers: body.answers, breakGaps: body.breakGaps, version: versionOf(ifMatch), override: overrideOf(caller, body.override) };
    sendAnswer(reply, await this.overlaps.watch(caller.actor, { entity: 'appointment', id }, (unlessStopped) => this.idempotency.answer(caller.actor, key, ['reschedule', id, body], 200, unlessStopped(async (tx) => this.view(caller, await this.rescheduleAppointment.execute(tx, caller.practice, move))))));
  }

  /** Calls the visit off and frees its time. `linked`: visits that it was booked with as one and that still stand. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Permits('appointments:book')
  async cancel(@CurrentStaff() caller: StaffCaller, @ZodParam('id', appointmentId) id: AppointmentId, @ZodBody(cancelRequest) body: z.output<typeof cancelRequest>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.transition(caller, id, key, ['cancel', id, body], reply, (tx) => this.cancelAppointment.execute(tx, { id, reason: body.reason, version: versionOf(ifMatch) }), async (tx, off) => ({ linked: await this.linked(tx, off) }));
  }

  /** Records the patient's yes; changes participation only. */
  @Post(':id/confirm')
  @HttpCode(200)
  @Permits('appointments:book')
  async confirm(@CurrentStaff() caller: StaffCaller, @ZodParam('id', appointmentId) id: AppointmentId, @ZodBody(nothing) _: unknown, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.transition(caller, id, key, ['confirm', id], reply, (tx) => this.stepAppointment.confirm(tx, id, versionOf(ifMatch)));
  }

  /**
   * The host says no to a visit that a partner asked for (`pending`); its time is free again, and is offered to who waits. `reason` is a code of FHIR's appointment-cancellation-reason. 403 `host-decides`: only the practice whose calendar
   * it is; 409: it is not pending any more.
   */
  @Post(':id/decline')
  @UseInterceptors(RefusedAttempts)
  @HttpCode(200)
  @Permits('appointments:book')
  async decline(@CurrentStaff() caller: StaffCaller, @ZodParam('id', appointmentId) id: AppointmentId, @ZodBody(cancelRequest) body: z.output<typeof cancelRequest>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.transition(caller, id, key, ['decline', id, body], reply, (tx) => this.cancelAppointment.execute(tx, { id, transition: 'decline', reason: body.reason, version: versionOf(ifMatch) }));
  }

  /**
   * The host says yes to a visit that a partner asked for: pending -> booked; only now the patient is told that it is. 403 `host-decides`: only the practice whose calendar it is; 409 `approval-too-late`: `approval.by` is past, and nobody
   * answered, or it is not pending any more; 409 `request-taken-back`: the patient does not want it any more; 409 `closed-since`: the time was closed, or is no longer offered there; 422 `not-shared`: the agreement, or what it needs, ends before the visit.
   */
  @Post(':id/approve')
  @UseInterceptors(RefusedAttempts)
  @HttpCode(200)
  @Permits('appointments:book')
  async approve(@CurrentStaff() caller: StaffCaller, @ZodParam('id', appointmentId) id: AppointmentId, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.step(caller, id, 'approve', ifMatch, key, reply);
  }

  /** The host's day: arrive, check-in, complete, no-show (set by a person), reopen (on the day of the visit only). 409 names the steps that are allowed. */
  @Post(':id/:step')
  @HttpCode(200)
  @Permits('appointments:visit')
  async visit(@CurrentStaff() caller: StaffCaller, @ZodParam('id', appointmentId) id: AppointmentId, @ZodParam('step', visitStep) step: z.output<typeof visitStep>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.step(caller, id, step, ifMatch, key, reply);
  }

  private step(caller: StaffCaller, id: AppointmentId, step: Step, ifMatch: string | undefined, key: string | undefined, reply: FastifyReply): Promise<void> {
    return this.transition(caller, id, key, [step, id], reply, (tx) => this.stepAppointment.execute(tx, id, step, versionOf(ifMatch)));
  }

  /** A step that takes no other time: it tells nothing of the patient's other visits, and a desk that was stopped for asking goes on with its day. */
  private async transition(caller: StaffCaller, id: AppointmentId, key: string | undefined, request: unknown, reply: FastifyReply, fn: (tx: Tx) => Promise<Appointment>, more: (tx: Tx, after: Appointment) => Promise<object> = async () => ({})): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, request, 200, async (tx) => {
      const after = await fn(tx);
      return { ...this.view(caller, after), ...(await more(tx, after)) };
    }));
  }

  private async linked(tx: Tx, appointment: Appointment) {
    return appointment.chain === null ? [] : viewOfLinked(appointment, await this.appointments.ofChain(tx, appointment.chain.id));
  }

  private view(caller: StaffCaller, appointment: Appointment) {
    return viewOfAppointment(appointment, caller.practice, this.clock.now());
  }
}

function extraOf(caller: StaffCaller, { at, urgent, walkIn }: z.output<typeof bookRequest>): Booking['what'] | null {
  if (!at) return null;
  const { start, ...where } = at;
  if (walkIn) return { extra: { ...where, kind: 'walk-in' } };
  return urgent && start !== undefined ? { extra: { ...where, kind: 'urgent', start, reason: urgent.reason, permitted: caller.permissions.has('appointments:urgent') } } : null;
}

const overrideOf = (caller: StaffCaller, asked: { readonly reason: string } | undefined): Override | null => (asked ? { permitted: caller.permissions.has('appointments:override'), reason: asked.reason } : null);

/** Leaves out what was not asked. */
const clean = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
