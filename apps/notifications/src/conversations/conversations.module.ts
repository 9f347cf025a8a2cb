import { Module } from '@nestjs/common';
import { AnswerConversation } from './commands/answer-conversation';
import { MarkRead } from './commands/mark-read';
import { ConversationsController } from './conversations.controller';
import { InboxAlarm } from './inbox-alarm';
import { ListConversations } from './queries/list-conversations';
import { ShowConversation } from './queries/show-conversation';

/** The practice's two-way inbox. */
@Module({ controllers: [ConversationsController], providers: [ListConversations, ShowConversation, MarkRead, AnswerConversation, InboxAlarm] })
export class ConversationsModule {}
