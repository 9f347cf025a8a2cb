import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, Worker } from '@slotmesh/platform';
import { CAPACITY_CONFIG, type CapacityConfig } from '../config';
import { LookAtPartnerships } from './commands/look-at-partnerships';

/** Where the role says so, beside the looks at single practices, which do not wait for it; the clock knows when the next week comes. */
@Injectable()
export class LookAtPartnershipsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(look: LookAtPartnerships, work: UnitOfWork, clock: Clock, idleness: Idleness, @Inject(CAPACITY_CONFIG) private readonly config: Pick<CapacityConfig, 'ROLE'>) {
    this.worker = new Worker({
      name: 'partnership-advice', pollMs: 1_000, work: () => look.execute(),
      due: async () => {
        const next = await work.run(workerFor('partnership-advice', null), (tx) => look.nextDue(tx));
        return { dueNow: next !== null && next <= clock.now(), nextDue: next !== null && next > clock.now() ? next : null };
      },
    });
    if (config.ROLE !== 'api') idleness.observe('partnership-advice', () => this.worker.idle());
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
