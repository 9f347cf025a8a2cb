import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, Worker } from '@slotmesh/platform';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../config';
import { RunRounds } from './commands/run-rounds';
import { OfferRoundRepository } from './persistence/offer-round.repository';

/** Looks at the rounds of offers whose time has come. */
@Injectable()
export class OfferRoundWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly worker: Worker;

  constructor(run: RunRounds, rounds: OfferRoundRepository, work: UnitOfWork, clock: Clock, idleness: Idleness, @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig) {
    this.worker = new Worker({
      name: 'offer-rounds',
      pollMs: 500,
      work: () => run.execute(),
      due: async () => {
        const next = await work.run(workerFor('offer-rounds', null), (tx) => rounds.nextDue(tx));
        return { dueNow: next !== null && next <= clock.now(), nextDue: next !== null && next > clock.now() ? next : null };
      },
    });
    if (config.ROLE !== 'api') idleness.observe('offer-rounds', () => this.worker.idle());
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }
  async onModuleDestroy(): Promise<void> {
    await this.worker.stop();
  }
}
