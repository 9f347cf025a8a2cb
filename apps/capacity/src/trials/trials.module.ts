import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { MOST_FILE_BYTES } from '@slotmesh/platform';
import { WhatIfModule } from '../what-if/what-if.module';
import { ForgetTrial } from './commands/forget-trial';
import { LoadTrial } from './commands/load-trial';
import { CountInThread } from './count-in-thread';
import { TrialRepository } from './persistence/trial.repository';
import { PreviewTrial } from './queries/preview-trial';
import { ReadTrial } from './queries/read-trial';
import { TrialsController } from './trials.controller';

@Module({ imports: [WhatIfModule], controllers: [TrialsController], providers: [TrialRepository, CountInThread, LoadTrial, ForgetTrial, ReadTrial, PreviewTrial] })
export class TrialsModule {
  constructor(host: HttpAdapterHost<FastifyAdapter>) {
    const fastify = host.httpAdapter?.getInstance();
    // Why beyond what other bodies may have: a year of visits is a few megabytes. And as bytes: spreadsheets write it in more than one encoding.
    if (fastify && !fastify.hasContentTypeParser('text/csv')) fastify.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: MOST_FILE_BYTES }, (_request, body, done) => done(null, body));
  }
}
