import { Module } from '@nestjs/common';
import { FoldCounts } from './commands/fold-counts';
import { FoldCountsWorker } from './fold-counts.worker';
import { HoldConsumer } from './hold.consumer';
import { HoldRepository } from './persistence/hold.repository';
import { VisitRepository } from './persistence/visit.repository';
import { VisitConsumer } from './visit.consumer';

@Module({ controllers: [VisitConsumer, HoldConsumer], providers: [VisitRepository, HoldRepository, FoldCounts, FoldCountsWorker] })
export class VisitsModule {}
