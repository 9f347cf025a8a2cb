import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, HOUR, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Worker } from '@slotmesh/platform';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../config';
import { ChangeRepository } from './persistence/change.repository';

/** Whoever was away for longer reads anew what he shows. */
export const KEPT_HOURS = 48;
const LOOK_MS = 5_000;
const BATCH = 1_000;

/** Forgets changes that nobody can still miss. */
@Injectable()
export class ChangeSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly worker: Worker;

  constructor(work: UnitOfWork, changes: ChangeRepository, clock: Clock, @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig) {
    const forget = (): Promise<number> => work.run(workerFor('change-sweeper', null), (tx) => changes.forget(tx, plusMs(clock.now(), -KEPT_HOURS * HOUR), BATCH));
    this.worker = new Worker({ name: 'change-sweeper', pollMs: LOOK_MS, work: forget, due: async () => ({ dueNow: false, nextDue: null }) });
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }
  async onModuleDestroy(): Promise<void> {
    await this.worker.stop();
  }
}
