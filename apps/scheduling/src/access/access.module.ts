import { Injectable, Module } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { OpeningsModule } from '../openings/openings.module';
import { TakeAccess } from './commands/take-access';
import { NetworkWaits } from './network-waits';
import { OwnWaits } from './own-waits';
import { AccessRepository } from './persistence/access.repository';

@Injectable()
class AccessSweeper extends Sweeper {
  constructor(tools: SweepTools, take: TakeAccess) {
    super(tools, { name: 'access', work: () => take.execute(), nextDue: (sql) => take.nextDue(sql), pollMs: 1_000 });
  }
}

/** How long patients wait, looked at each morning and told for planning; nothing in scheduling reads it. */
@Module({ imports: [OpeningsModule], providers: [AccessRepository, OwnWaits, NetworkWaits, TakeAccess, AccessSweeper] })
export class AccessModule {}
