import { Module } from '@nestjs/common';
import { NoticesController } from './notices.controller';
import { ReadNotices } from './queries/read-notices';

/** What a practice's managers have to see to. */
@Module({ controllers: [NoticesController], providers: [ReadNotices] })
export class NoticesModule {}
