import { Injectable, Module } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { OpeningsModule } from '../openings/openings.module';
import { StateSupply } from './commands/state-supply';
import { SupplyRepository } from './persistence/supply.repository';

/** Looks at providers whose hours may have changed, or to whose dates one has come. */
@Injectable()
class SupplySweeper extends Sweeper {
  constructor(tools: SweepTools, state: StateSupply) {
    super(tools, { name: 'supply', work: () => state.execute(), nextDue: (sql) => state.nextDue(sql), pollMs: 1_000 });
  }
}

/** What the hours of providers hold, told for planning; nothing in scheduling reads it. */
@Module({ imports: [OpeningsModule], providers: [SupplyRepository, StateSupply, SupplySweeper] })
export class SupplyModule {}
