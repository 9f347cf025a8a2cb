import { Module } from '@nestjs/common';
import { HoldConsumer } from './hold.consumer';
import { HoldRepository } from './persistence/hold.repository';
import { VisitRepository } from './persistence/visit.repository';
import { VisitConsumer } from './visit.consumer';

@Module({ controllers: [VisitConsumer, HoldConsumer], providers: [VisitRepository, HoldRepository] })
export class VisitsModule {}
