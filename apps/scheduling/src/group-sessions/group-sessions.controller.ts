import { Controller, Delete, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { openingId } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { CloseSession } from './commands/close-session';
import { OpenSession } from './commands/open-session';
import { GroupSessionUnknown } from './domain/group-session.errors';
import { type GroupSession, GroupSessionRepository } from './persistence/group-session.repository';

const openBody = z.strictObject({ opening: openingId });

@Controller('api/scheduling/v1/group-sessions')
export class GroupSessionsController {
  constructor(private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly openSession: OpenSession, private readonly closeSession: CloseSession, private readonly sessions: GroupSessionRepository) {}

  /**
   * Opens a group session of the own calendar before anybody has a seat: provider, room and device are taken, search shows its seats, the calendar 0 of them booked. Unlike one that a first seat began it also
   * stays when its last seat is given back or moves away, because the host meant it to take place: DELETE closes it. 409 taken or `session-limit` (with alternatives), or `group-session-open`; 422 `not-a-group`; 403 `host-decides`: it is a partner's.
   */
  @Post()
  @HttpCode(201)
  @Permits('calendar:write')
  async open(@CurrentStaff() caller: StaffCaller, @ZodBody(openBody) body: z.output<typeof openBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['group-session', body], 201, async (tx) => viewOfSession(await this.openSession.execute(tx, caller.practice, body.opening))));
  }

  /** A group session of the own calendar that goes on, times in the site's `zone`, with how many of its seats are booked or held. */
  @Get(':id')
  @Permits('appointments:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string) {
    const session = await this.work.run(caller.actor, (tx) => this.sessions.find(tx, caller.practice, id));
    if (!session) throw new GroupSessionUnknown();
    return viewOfSession(session);
  }

  /** Closes a group session that nobody has a seat in and gives its time back. 409 `group-session-not-empty`. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('calendar:write')
  async close(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.closeSession.execute(tx, caller.practice, id));
  }
}

const viewOfSession = ({ start, end, ...session }: GroupSession) => ({ ...session, start: formatInstant(start), end: formatInstant(end) });
