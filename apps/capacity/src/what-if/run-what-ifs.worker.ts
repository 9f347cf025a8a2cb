import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Worker } from '@slotmesh/platform';
import { CAPACITY_CONFIG, type CapacityConfig } from '../config';
import { RunWhatIfs } from './commands/run-what-ifs';

/** Where the role says so. The clock does not wait for it: a simulation knows no time. */
@Injectable()
export class RunWhatIfsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(private readonly runs: RunWhatIfs, @Inject(CAPACITY_CONFIG) private readonly config: Pick<CapacityConfig, 'ROLE'>) {
    this.worker = new Worker({ name: 'run-what-ifs', pollMs: 500, work: () => runs.begin(), due: () => Promise.resolve({ dueNow: false, nextDue: null }) });
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.worker.stop();
    await this.runs.stop();
  }
}
