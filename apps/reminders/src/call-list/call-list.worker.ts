import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, SERVICE, type ServiceIdentity, Worker } from '@slotmesh/platform';
import { ClosePassedCalls } from './commands/close-passed-calls';
import { CallListRepository } from './persistence/call-list.repository';

const POLL_MS = 2_000;

/** Keeps the call list free of visits that have begun and of offers that are over. */
@Injectable()
export class CallListWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly worker: Worker;

  constructor(@Inject(SERVICE) private readonly service: ServiceIdentity, private readonly idleness: Idleness, close: ClosePassedCalls, calls: CallListRepository, work: UnitOfWork, clock: Clock) {
    this.worker = new Worker({
      name: 'call-list',
      pollMs: POLL_MS,
      work: () => close.execute(),
      due: () => work.run(workerFor('call-list', null), (tx) => calls.nextPassing(tx, clock.now())),
    });
  }

  onApplicationBootstrap(): void {
    if (this.service.config.ROLE === 'api') return;
    this.idleness.observe('call-list', () => this.worker.idle());
    this.worker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
