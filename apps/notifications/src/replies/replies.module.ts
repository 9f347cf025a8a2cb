import { Module } from '@nestjs/common';
import { HandleReplies } from './commands/handle-replies';
import { ReadReply } from './commands/read-reply';
import { ListReplies } from './queries/list-replies';
import { RepliesController } from './replies.controller';
import { RepliesWorker } from './replies.worker';

@Module({ controllers: [RepliesController], providers: [ReadReply, HandleReplies, RepliesWorker, ListReplies] })
export class RepliesModule {}
