import { Controller, Delete, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { holdId, openingId, patientId } from '@slotmesh/contracts';
import type { HoldId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { EndHold } from './commands/end-hold';
import { HoldOpening } from './commands/hold-opening';
import { HoldUnknown } from './domain/hold';
import { viewOfHold, viewOfPlacedHold } from './hold.view';
import { HoldRepository } from './persistence/hold.repository';

const holdRequest = z.strictObject({ opening: openingId, patient: patientId.optional(), overbook: z.literal(true).optional() });

@Controller('api/scheduling/v1/holds')
export class HoldsController {
  constructor(private readonly idempotency: Idempotency, private readonly holdOpening: HoldOpening, private readonly endHold: EndHold, private readonly holds: HoldRepository, private readonly work: UnitOfWork) {}

  /**
   * Keeps an opening for this desk for some minutes. With `patient`, one of the caller's practice, what that patient needs of the visit is kept, too: interpreter, a room for a wheelchair, more
   * minutes. `overbook`, by permission and in the own calendar only: where the hours allow it, beside another visit. 403 no such permission; 404 never bookable, or no such patient; 409 taken, or `session-limit`: no more visits of the type fit into the session (both with alternatives); 422 link or phone only, not shared now, or `kept-for`: the block is kept for other visit types.
   * `approval` in the answer: a partner's provider answers first, within `withinHours` and at the latest at `by` (UTC) if it were booked now; tell the patient.
   */
  @Post()
  @HttpCode(201)
  @Permits('appointments:book')
  async place(@CurrentStaff() caller: StaffCaller, @ZodBody(holdRequest) body: z.output<typeof holdRequest>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['hold', body], 201, async (tx) => viewOfPlacedHold(await this.holdOpening.execute(tx, desk, body.opening, { ...(body.patient ? { patient: body.patient } : {}), ...(body.overbook ? { overbook: { permitted: caller.permissions.has('appointments:overbook') } } : {}) }))));
  }

  /** A hold of the caller's own desk, or one in the caller's own calendar. */
  @Get(':id')
  @Permits('appointments:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', holdId) id: HoldId) {
    const hold = await this.work.run(caller.actor, (tx) => this.holds.find(tx, id));
    if (!hold) throw new HoldUnknown();
    return { ...viewOfHold(hold), state: hold.state };
  }

  /** Gives the time back before the hold ends by itself. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('appointments:book')
  async release(@CurrentStaff() caller: StaffCaller, @ZodParam('id', holdId) id: HoldId): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.endHold.release(tx, { practice: caller.practice, subject: caller.actor.subject }, id));
  }
}
