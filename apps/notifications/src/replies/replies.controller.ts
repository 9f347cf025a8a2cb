import { Controller, Get } from '@nestjs/common';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { z } from 'zod';
import { ListReplies, type ShownReply, repliesQuery } from './queries/list-replies';

@Controller('api/notifications/v1/replies')
export class RepliesController {
  constructor(private readonly list: ListReplies) {}

  /** What patients wrote to the practice's number, newest first; `box=inbox` shows what a person should read. */
  @Get()
  @Permits('messages:read')
  find(@CurrentStaff() caller: StaffCaller, @ZodQuery(repliesQuery) query: z.output<typeof repliesQuery>): Promise<{ items: ShownReply[]; nextCursor: string | null }> {
    return this.list.execute(caller, query);
  }
}
