import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { FoldCounts } from './commands/fold-counts';

/** The clock does not wait for it: no number depends on it. */
@Injectable()
export class FoldCountsWorker extends Sweeper {
  constructor(tools: SweepTools, fold: FoldCounts) {
    super(tools, { name: 'fold-counts', pollMs: 2_000, work: () => fold.execute() });
  }
}
