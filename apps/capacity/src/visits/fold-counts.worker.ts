import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Worker } from '@slotmesh/platform';
import { CAPACITY_CONFIG, type CapacityConfig } from '../config';
import { FoldCounts } from './commands/fold-counts';

/** Where the role says so. The clock does not wait for it: no number depends on it. */
@Injectable()
export class FoldCountsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(fold: FoldCounts, @Inject(CAPACITY_CONFIG) private readonly config: Pick<CapacityConfig, 'ROLE'>) {
    this.worker = new Worker({ name: 'fold-counts', pollMs: 2_000, work: () => fold.execute(), due: () => Promise.resolve({ dueNow: false, nextDue: null }) });
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
