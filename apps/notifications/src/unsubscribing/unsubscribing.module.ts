import { Global, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Unsubscribe } from './unsubscribe';
import { UnsubscribeController } from './unsubscribe.controller';
import { UnsubscribeLinks } from './unsubscribe-links';

@Global()
@Module({ controllers: [UnsubscribeController], providers: [UnsubscribeLinks, Unsubscribe], exports: [UnsubscribeLinks] })
export class UnsubscribingModule {
  constructor(host: HttpAdapterHost<FastifyAdapter>) {
    const fastify = host.httpAdapter?.getInstance();
    // Why: a mailbox may send its click in either form (RFC 8058 section 3.2); what stands in it is always the same and is not read.
    if (fastify && !fastify.hasContentTypeParser('multipart/form-data')) {
      fastify.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
        payload.resume();
        payload.once('end', () => done(null, {}));
        payload.once('error', (error) => done(error));
      });
    }
  }
}
