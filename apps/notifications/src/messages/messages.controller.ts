import { Controller, Get } from '@nestjs/common';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { ListMessages, type ShownMessage, messagesQuery } from './queries/list-messages';
import { type MessageEvidence, ShowMessage } from './queries/show-message';

@Controller('api/notifications/v1/messages')
export class MessagesController {
  constructor(private readonly list: ListMessages, private readonly show: ShowMessage) {}

  /** Messages of the caller's practice, newest first; `appointment` and `state` narrow them. */
  @Get()
  @Permits('messages:read')
  find(@CurrentStaff() caller: StaffCaller, @ZodQuery(messagesQuery) query: z.output<typeof messagesQuery>): Promise<{ items: ShownMessage[]; nextCursor: string | null }> {
    return this.list.execute(caller, query);
  }

  /** One message with attempts, rules, text and delivery reports. 404 where the practice has no such message. */
  @Get(':id')
  @Permits('messages:read')
  one(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid('must be a UUID')) id: string): Promise<MessageEvidence> {
    return this.show.execute(caller, id);
  }
}
