import { Module } from '@nestjs/common';
import { OpeningsModule } from '../openings/openings.module';
import { EndHold } from './commands/end-hold';
import { HoldOpening } from './commands/hold-opening';
import { HoldSweeper } from './hold-sweeper';
import { HoldsController } from './holds.controller';
import { HoldRepository } from './persistence/hold.repository';

@Module({ imports: [OpeningsModule], controllers: [HoldsController], providers: [HoldOpening, EndHold, HoldRepository, HoldSweeper], exports: [HoldRepository, HoldOpening, EndHold] })
export class HoldsModule {}
