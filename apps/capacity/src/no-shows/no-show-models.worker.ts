import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, Worker } from '@slotmesh/platform';
import { CAPACITY_CONFIG, type CapacityConfig } from '../config';
import { WatchNoShowModels } from './commands/watch-no-show-models';
import { NoShowModelRepository } from './persistence/no-show-model.repository';

/** Where the role says so. */
@Injectable()
export class NoShowModelsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(watch: WatchNoShowModels, models: NoShowModelRepository, work: UnitOfWork, clock: Clock, private readonly idleness: Idleness, @Inject(CAPACITY_CONFIG) private readonly config: Pick<CapacityConfig, 'ROLE'>) {
    this.worker = new Worker({ name: 'no-show-models', pollMs: 1_000, work: () => watch.execute(), due: () => work.run(workerFor('no-show-models', null), (tx) => models.state(tx, clock.now())) });
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE === 'api') return;
    this.idleness.observe('no-show-models', () => this.worker.idle());
    this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
