import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, SERVICE, type ServiceIdentity, Worker } from '@slotmesh/platform';
import { FireRecalls } from './commands/fire-recalls';
import { RecallTimerRepository } from './persistence/recall-timer.repository';

const POLL_MS = 1_000;

/** Asks for messages about recalls in every process whose role is worker or all. */
@Injectable()
export class RecallWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly worker: Worker;

  constructor(@Inject(SERVICE) private readonly service: ServiceIdentity, private readonly idleness: Idleness, fire: FireRecalls, timers: RecallTimerRepository, work: UnitOfWork, clock: Clock) {
    this.worker = new Worker({ name: 'recalls', pollMs: POLL_MS, work: () => fire.execute(), due: () => work.run(workerFor('recalls', null), (tx) => timers.state(tx, clock.now())) });
  }

  onApplicationBootstrap(): void {
    if (this.service.config.ROLE === 'api') return;
    this.idleness.observe('recalls', () => this.worker.idle());
    this.worker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
