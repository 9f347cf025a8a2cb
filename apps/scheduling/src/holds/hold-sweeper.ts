import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, Worker } from '@slotmesh/platform';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../config';
import { EndHold } from './commands/end-hold';
import { HoldRepository } from './persistence/hold.repository';

/** Ends holds at their time, also when their holder or this service died meanwhile (P3). */
@Injectable()
export class HoldSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly worker: Worker;

  constructor(end: EndHold, holds: HoldRepository, work: UnitOfWork, clock: Clock, idleness: Idleness, @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig) {
    this.worker = new Worker({
      name: 'hold-sweeper',
      pollMs: 500,
      work: () => end.expireDue(),
      due: async () => {
        const next = await work.run(workerFor('hold-sweeper', null), (tx) => holds.nextExpiry(tx));
        return { dueNow: next !== null && next <= clock.now(), nextDue: next !== null && next > clock.now() ? next : null };
      },
    });
    if (config.ROLE !== 'api') idleness.observe('hold-sweeper', () => this.worker.idle());
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }
  async onModuleDestroy(): Promise<void> {
    await this.worker.stop();
  }
}
