import { Controller, Get } from '@nestjs/common';
import { appointmentId } from '@slotmesh/contracts';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { ListTimers } from './queries/list-timers';

const timersQuery = z.object({ appointment: appointmentId });

@Controller('api/reminders/v1/timers')
export class TimersController {
  constructor(private readonly list: ListTimers) {}

  /** Every step of a visit that the caller's practice hosts: waiting ones with their time in the patient's zone, settled ones with outcome and reason. */
  @Get()
  @Permits('reminders:read')
  async timers(@CurrentStaff() caller: StaffCaller, @ZodQuery(timersQuery) query: z.output<typeof timersQuery>) {
    return { items: await this.list.execute(caller.actor, query.appointment), nextCursor: null };
  }
}
