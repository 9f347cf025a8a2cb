import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { RefreshMonths } from './commands/refresh-months';

/** The clock does not wait for it: a number across practices is of a month that is over. */
@Injectable()
export class RefreshMonthsWorker extends Sweeper {
  constructor(tools: SweepTools, refresh: RefreshMonths) {
    super(tools, { name: 'refresh-months', pollMs: 2_000, work: () => refresh.execute() });
  }
}
