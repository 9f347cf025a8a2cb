import { Module } from '@nestjs/common';
import { AgreementVersionRepository } from '../agreements/persistence/agreement-version.repository';
import { ConnectFeed } from './commands/connect-feed';
import { TakeFeedLines } from './commands/take-feed-lines';
import { ConnectionsController } from './connections.controller';
import { FeedCalendarRepository } from './persistence/feed-calendar.repository';
import { FeedFileRepository } from './persistence/feed-file.repository';
import { FeedSourceRepository } from './persistence/feed-source.repository';
import { PublishedOpenings } from './published-openings';
import { ReadConnections } from './queries/read-connections';

@Module({
  controllers: [ConnectionsController],
  providers: [ConnectFeed, TakeFeedLines, ReadConnections, FeedSourceRepository, FeedFileRepository, FeedCalendarRepository, PublishedOpenings, AgreementVersionRepository],
  exports: [PublishedOpenings],
})
export class FeedsModule {}
