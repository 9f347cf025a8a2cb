import { Controller, Get } from '@nestjs/common';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller, WorkedFor } from '@slotmesh/security';
import type { z } from 'zod';
import { ListReplies, type ShownReply, repliesQuery } from './queries/list-replies';

@Controller('api/notifications/v1/replies')
export class RepliesController {
  constructor(private readonly list: ListReplies) {}

  /** What patients wrote to the practice's number, newest first; `box=inbox` shows what a person should read. Named staff of a partner see that box only, and neither texts of unknown numbers nor patients who restrict it, so that a page may hold fewer than `limit`. */
  @Get()
  @Permits('messages:read')
  @WorkedFor('inbox')
  find(@CurrentStaff() caller: StaffCaller, @ZodQuery(repliesQuery) query: z.output<typeof repliesQuery>): Promise<{ items: ShownReply[]; nextCursor: string | null }> {
    return this.list.execute(caller, query);
  }
}
