import { Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { blindIndex } from '@slotmesh/contracts';
import { newId } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller, WorkedFor } from '@slotmesh/security';
import type { z } from 'zod';
import { AnswerConversation, textBody } from './commands/answer-conversation';
import { MarkRead, readBody } from './commands/mark-read';
import { ListConversations, type ShownConversation, conversationsQuery } from './queries/list-conversations';
import { ShowConversation } from './queries/show-conversation';

@Controller('api/notifications/v1/conversations')
export class ConversationsController {
  constructor(private readonly list: ListConversations, private readonly show: ShowConversation, private readonly mark: MarkRead, private readonly answer: AnswerConversation) {}

  /** Phones whose texts nobody at the practice has read, whoever has waited longest first. Texts are not watched for emergencies, which every patient is told at once; how long the oldest has waited is also the metric `inbox_unread_oldest_seconds`. */
  @Get()
  @Permits('messages:read')
  @WorkedFor('inbox')
  find(@CurrentStaff() caller: StaffCaller, @ZodQuery(conversationsQuery) query: z.output<typeof conversationsQuery>): Promise<{ items: ShownConversation[]; nextCursor: string | null }> {
    return this.list.execute(caller, query);
  }

  /** What one phone and the practice have written to each other. `phone` is the blind index of the list. 404 where it never wrote to the practice. */
  @Get(':phone')
  @Permits('messages:read')
  @WorkedFor('inbox')
  one(@CurrentStaff() caller: StaffCaller, @ZodParam('phone', blindIndex) phone: string) {
    return this.show.execute(caller, phone);
  }

  /** Somebody has read the texts of a phone, up to one of them. */
  @Post(':phone/read')
  @HttpCode(200)
  @Permits('call-list:work')
  read(@CurrentStaff() caller: StaffCaller, @ZodParam('phone', blindIndex) phone: string, @ZodBody(readBody) body: z.output<typeof readBody>): Promise<{ read: number }> {
    return this.mark.execute(caller, phone, body);
  }

  /** Answers by text, within a day of what the patient wrote; at most three segments. With `Idempotency-Key` a repetition is the same message. 409 `phone-stopped` after STOP, 409 `conversation-over` later than a day. */
  @Post(':phone/texts')
  @HttpCode(201)
  @Permits('call-list:work')
  write(@CurrentStaff() caller: StaffCaller, @ZodParam('phone', blindIndex) phone: string, @ZodBody(textBody) body: z.output<typeof textBody>, @Headers('idempotency-key') key: string | undefined): Promise<{ message: string }> {
    return this.answer.execute(caller, phone, body, key ?? newId());
  }
}
