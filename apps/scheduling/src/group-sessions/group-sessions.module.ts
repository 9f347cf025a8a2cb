import { Module } from '@nestjs/common';
import { OpeningsModule } from '../openings/openings.module';
import { CloseSession } from './commands/close-session';
import { OpenSession } from './commands/open-session';
import { GroupSessionsController } from './group-sessions.controller';
import { GroupSessionRepository } from './persistence/group-session.repository';

@Module({ imports: [OpeningsModule], controllers: [GroupSessionsController], providers: [GroupSessionRepository, OpenSession, CloseSession], exports: [GroupSessionRepository] })
export class GroupSessionsModule {}
