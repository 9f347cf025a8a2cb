import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, SERVICE, type ServiceIdentity, Worker } from '@slotmesh/platform';
import { FireTimers } from './commands/fire-timers';
import { TimerRepository } from './persistence/timer.repository';

const POLL_MS = 100;

/** Fires timers in every process whose role is worker or all. */
@Injectable()
export class TimerWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly worker: Worker;

  constructor(@Inject(SERVICE) private readonly service: ServiceIdentity, private readonly idleness: Idleness, fire: FireTimers, timers: TimerRepository, work: UnitOfWork, clock: Clock) {
    this.worker = new Worker({
      name: 'timers',
      pollMs: POLL_MS,
      work: () => fire.execute(),
      due: () => work.run(workerFor('timers', null), (tx) => timers.due(tx, clock.now())),
    });
  }

  onApplicationBootstrap(): void {
    if (this.service.config.ROLE === 'api') return;
    this.idleness.observe('timers', () => this.worker.idle());
    this.worker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
