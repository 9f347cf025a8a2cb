import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { seriesId } from '@slotmesh/contracts';
import { type SeriesId, formatInstant } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { ForWhom } from '../appointments/commands/book-appointment';
import type { Override } from '../appointments/commands/take-person-time';
import { OverlapRefusals } from '../appointments/overlap-refusals';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { BookSeries } from './commands/book-series';
import { CancelSeries } from './commands/cancel-series';
import { RescheduleSeries } from './commands/reschedule-series';
import type { SeriesPart } from './domain/part-of-series';
import { SeriesUnknown } from './domain/series.errors';
import { type Series, SeriesRepository } from './persistence/series.repository';
import { cancelBody, previewBody, rescheduleBody, seriesBody } from './series.body';
import { viewOfLeft, viewOfSeries } from './series.view';

@Controller('api/scheduling/v1/series')
export class SeriesController {
  constructor(
    private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly overlaps: OverlapRefusals, private readonly series: SeriesRepository,
    private readonly appointments: AppointmentRepository, private readonly bookSeries: BookSeries, private readonly cancelSeries: CancelSeries, private readonly rescheduleSeries: RescheduleSeries,
  ) {}

  /**
   * Books every visit of a series, or none. `rule` is RFC 5545 (DAILY, WEEKLY or MONTHLY, with COUNT or UNTIL; 52 visits and two years at most), such as `FREQ=WEEKLY;INTERVAL=2;COUNT=6`; `opening` is the first
   * visit, whose wall time all others keep. 409 `series-clash` names each date that does not fit, why, and up to three openings near it (for the first twelve dates); send it again with
   * `replacements` (date: opening, or {opening, answers} where it is of another visit type, which asks something else) or `without` (dates), or with `onClash: skip` to book the rest. A referral goes with the first visit. 422 where the rule is refused, or where answers are missing or do not fit, a red
   * flag is raised, or marks stand in the way (`despiteMarks` with a reason goes past them): `date` is the first of these visits, `visits` are all, each with what it asks.
   */
  @Post()
  @HttpCode(201)
  @Permits('appointments:book')
  async book(@CurrentStaff() caller: StaffCaller, @ZodBody(seriesBody) body: z.output<typeof seriesBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const request = ['series', { ...body, replacements: [...body.replacements] }];
    sendAnswer(reply, await this.overlaps.watch(caller.actor, { entity: 'patient', id: body.patient }, (unlessStopped) => this.idempotency.answer(caller.actor, key, request, 201, unlessStopped(async (tx) => {
      const { series, visits, clashes } = await this.bookSeries.execute(tx, deskOf(caller), { ...body, forWhom: forWhom(caller, body) });
      return { ...viewOfSeries(series, visits, caller.practice, tx.now), clashes };
    }))));
  }

  /** What booking the series would say now: its dates with their wall time kept, and which clash. Nothing is booked or kept. */
  @Post('preview')
  @HttpCode(200)
  @Permits('appointments:book')
  async preview(@CurrentStaff() caller: StaffCaller, @ZodBody(previewBody) body: z.output<typeof previewBody>, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.overlaps.watch(caller.actor, { entity: 'patient', id: body.patient, looksOnly: true }, (unlessStopped) => this.idempotency.answer(caller.actor, undefined, null, 200, unlessStopped(async (tx) => {
      const { visits, offering, clashes } = await this.bookSeries.preview(tx, deskOf(caller), { ...body, onClash: 'report', forWhom: forWhom(caller, body) });
      return { zone: offering.zone, visits: visits.map(({ date, start, opening }) => ({ date, start: formatInstant(start), opening })), clashes };
    }))));
  }

  /** A series that the caller's practice hosts or booked, with every visit as it is now. */
  @Get(':id')
  @Permits('appointments:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', seriesId) id: SeriesId) {
    return this.work.run(caller.actor, async (tx) => {
      const { series, visits } = await this.whole(tx, id);
      tx.audit.record({ action: 'series.read', entity: 'series', entityId: id, patient: visits[0]?.patient ?? null });
      return viewOfSeries(series, visits, caller.practice, tx.now);
    });
  }

  /** Calls off what the series plans from a date of the site on, all or none, visits that were moved by themselves included. `left` says what stayed and why. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Permits('appointments:book')
  async cancel(@CurrentStaff() caller: StaffCaller, @ZodParam('id', seriesId) id: SeriesId, @ZodBody(cancelBody) body: z.output<typeof cancelBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['series-cancel', id, body], 200, async (tx) => this.changed(tx, caller, id, await this.cancelSeries.execute(tx, id, body.from, body.reason))));
  }

  /**
   * Moves what the series plans from a date of the site on, whole or not at all: to an `opening` of the same service and practice for the first of these visits (the others follow at the same distance in days, at
   * its wall time, with its provider), or by a `shift` (days, ISO weekday of the same week, wall time, provider). Visits that were moved by themselves keep their time unless `withMoved`. 409 `series-clash` as at booking.
   * 422 as at booking where answers are missing or do not fit, or a red flag is raised: `date` is the first of these visits, `visits` are all.
   */
  @Post(':id/reschedule')
  @HttpCode(200)
  @Permits('appointments:book')
  async reschedule(@CurrentStaff() caller: StaffCaller, @ZodParam('id', seriesId) id: SeriesId, @ZodBody(rescheduleBody) body: z.output<typeof rescheduleBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const request = ['series-reschedule', id, { ...body, replacements: [...body.replacements] }];
    const to = body.opening === undefined ? { days: 0, weekday: null, time: null, provider: null, ...body.shift } : { opening: body.opening };
    sendAnswer(reply, await this.overlaps.watch(caller.actor, { entity: 'series', id }, (unlessStopped) => this.idempotency.answer(caller.actor, key, request, 200, unlessStopped(async (tx) => this.changed(tx, caller, id, await this.rescheduleSeries.execute(tx, caller.practice, id, { ...body, to, override: overrideOf(caller, body.override) }))))));
  }

  private async changed(tx: Tx, caller: StaffCaller, id: SeriesId, { visits, left }: SeriesPart) {
    const { series, visits: all } = await this.whole(tx, id);
    return { ...viewOfSeries(series, all, caller.practice, tx.now), changed: visits.map((visit) => visit.id), left: viewOfLeft(series, left) };
  }

  private async whole(tx: Tx, id: SeriesId): Promise<{ series: Series; visits: Awaited<ReturnType<AppointmentRepository['ofSeries']>> }> {
    const series = await this.series.find(tx, id);
    if (!series) throw new SeriesUnknown();
    return { series, visits: await this.appointments.ofSeries(tx, id) };
  }
}

const deskOf = (caller: StaffCaller) => ({ practice: caller.practice, subject: caller.actor.subject });
const overrideOf = (caller: StaffCaller, asked: { readonly reason: string } | undefined): Override | null => (asked ? { permitted: caller.permissions.has('appointments:override'), reason: asked.reason } : null);
const forWhom = (caller: StaffCaller, body: z.output<typeof previewBody>): ForWhom => ({ patient: body.patient, reason: body.reason ?? null, referral: body.referral ?? null, confidential: body.confidential, override: overrideOf(caller, body.override), ...(body.despiteMarks ? { despiteMarks: body.despiteMarks.reason } : {}), ...(body.answers ? { answers: body.answers } : {}) });
