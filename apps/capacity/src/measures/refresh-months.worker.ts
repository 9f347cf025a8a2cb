import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Worker } from '@slotmesh/platform';
import { CAPACITY_CONFIG, type CapacityConfig } from '../config';
import { RefreshMonths } from './commands/refresh-months';

/** Where the role says so. The clock does not wait for it: a number across practices is of a month that is over. */
@Injectable()
export class RefreshMonthsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(refresh: RefreshMonths, @Inject(CAPACITY_CONFIG) private readonly config: Pick<CapacityConfig, 'ROLE'>) {
    this.worker = new Worker({ name: 'refresh-months', pollMs: 2_000, work: () => refresh.execute(), due: () => Promise.resolve({ dueNow: false, nextDue: null }) });
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
