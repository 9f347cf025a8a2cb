import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, Worker } from '@slotmesh/platform';
import { CAPACITY_CONFIG, type CapacityConfig } from '../config';
import { LookForAdvice } from './commands/look-for-advice';

/** Where the role says so; the clock knows when the next look comes. */
@Injectable()
export class LookForAdviceWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(look: LookForAdvice, work: UnitOfWork, clock: Clock, idleness: Idleness, @Inject(CAPACITY_CONFIG) private readonly config: Pick<CapacityConfig, 'ROLE'>) {
    this.worker = new Worker({
      name: 'recommendations', pollMs: 1_000, work: () => look.execute(),
      due: async () => {
        const next = await work.run(workerFor('recommendations', null), (tx) => look.nextDue(tx));
        return { dueNow: next !== null && next <= clock.now(), nextDue: next !== null && next > clock.now() ? next : null };
      },
    });
    if (config.ROLE !== 'api') idleness.observe('recommendations', () => this.worker.idle());
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
