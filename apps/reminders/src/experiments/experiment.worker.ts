import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Idleness, SERVICE, type ServiceIdentity, Worker } from '@slotmesh/platform';
import { LookAtExperiments } from './commands/look-at-experiments';

const POLL_MS = 5_000;

/** Looks at experiments and ends them, in every process whose role is worker or all. */
@Injectable()
export class ExperimentWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly worker: Worker;

  constructor(@Inject(SERVICE) private readonly service: ServiceIdentity, private readonly idleness: Idleness, look: LookAtExperiments) {
    this.worker = new Worker({ name: 'experiments', pollMs: POLL_MS, work: () => look.execute(), due: () => look.state() });
  }

  onApplicationBootstrap(): void {
    if (this.service.config.ROLE === 'api') return;
    this.idleness.observe('experiments', () => this.worker.idle());
    this.worker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
