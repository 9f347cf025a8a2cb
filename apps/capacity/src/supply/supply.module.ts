import { Module } from '@nestjs/common';
import { SharedDayRepository } from './persistence/shared-day.repository';
import { SupplyRepository } from './persistence/supply.repository';
import { SupplyConsumer } from './supply.consumer';

@Module({ controllers: [SupplyConsumer], providers: [SupplyRepository, SharedDayRepository] })
export class SupplyModule {}
