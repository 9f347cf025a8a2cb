import { Injectable, Module } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { TellEmptySearches } from './commands/tell-empty-searches';
import { EmptySearchRepository } from './persistence/empty-search.repository';

@Injectable()
class EmptySearchSweeper extends Sweeper {
  constructor(tools: SweepTools, tell: TellEmptySearches) {
    super(tools, { name: 'empty-searches', work: () => tell.execute(), nextDue: (sql) => tell.nextDue(sql), pollMs: 2_000 });
  }
}

/** Demand that nobody met: searches of desks that found nothing, told by the hour for planning. */
@Module({ providers: [EmptySearchRepository, TellEmptySearches, EmptySearchSweeper], exports: [EmptySearchRepository] })
export class SearchesModule {}
