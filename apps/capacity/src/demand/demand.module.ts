import { Module } from '@nestjs/common';
import { DemandConsumer } from './demand.consumer';
import { DemandRepository } from './persistence/demand.repository';

@Module({ controllers: [DemandConsumer], providers: [DemandRepository] })
export class DemandModule {}
