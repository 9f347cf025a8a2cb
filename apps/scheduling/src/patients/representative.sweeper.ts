import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { TellRepresentatives } from './commands/tell-representatives';

/** Looks for persons whose representatives changed. */
@Injectable()
export class RepresentativeSweeper extends Sweeper {
  constructor(tools: SweepTools, tell: TellRepresentatives) {
    super(tools, { name: 'representatives', work: () => tell.execute(), nextDue: async (sql) => ((await tell.isDue(sql)) ? tools.clock.now() : null) });
  }
}
