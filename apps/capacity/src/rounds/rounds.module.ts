import { Module } from '@nestjs/common';
import { RoundRepository } from './persistence/round.repository';
import { RoundConsumer } from './round.consumer';

@Module({ controllers: [RoundConsumer], providers: [RoundRepository] })
export class RoundsModule {}
