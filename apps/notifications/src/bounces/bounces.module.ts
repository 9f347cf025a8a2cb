import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { MessagesModule } from '../messages/messages.module';
import { HandleReturnedMails } from './commands/handle-returned-mails';
import { SettleReturnedMail } from './commands/settle-returned-mail';
import { StoreReturnedMail } from './commands/store-returned-mail';
import { ReturnedMailController } from './returned-mail.controller';
import { ReturnedMailWorker } from './returned-mail.worker';

@Module({ imports: [MessagesModule], controllers: [ReturnedMailController], providers: [StoreReturnedMail, SettleReturnedMail, HandleReturnedMails, ReturnedMailWorker] })
export class BouncesModule {
  constructor(host: HttpAdapterHost<FastifyAdapter>) {
    const fastify = host.httpAdapter?.getInstance();
    // Why as bytes: the signature is over the mail as it came, in whatever character set.
    if (fastify && !fastify.hasContentTypeParser('message/rfc822')) fastify.addContentTypeParser('message/rfc822', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }
}
