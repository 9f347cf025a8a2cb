import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, type Instant } from '@slotmesh/kernel';
import { type Sql, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness } from './idle';
import { SERVICE, type ServiceIdentity } from './platform.module';
import { Worker } from './worker';

export interface Sweep {
  readonly name: string;
  /** Does one batch of what is due; returns how much it did. */
  readonly work: () => Promise<number>;
  /** When the next falls due; it may be past. Null: nothing waits. Left out: the clock need not wait for this work. */
  readonly nextDue?: (sql: Sql) => Promise<Instant | null>;
  readonly pollMs?: number;
}

/** What every Sweeper needs; DatabaseModule provides it. */
@Injectable()
export class SweepTools {
  constructor(readonly work: UnitOfWork, readonly clock: Clock, readonly idleness: Idleness, @Inject(SERVICE) readonly service: ServiceIdentity) {}
}

/** Looks again and again at what waits to be done, and where it falls due in domain time tells the sandbox's clock when the next does. Runs where workers run. */
export abstract class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly worker: Worker;
  private readonly runs: boolean;

  constructor({ work, clock, idleness, service }: SweepTools, sweep: Sweep) {
    const { nextDue } = sweep;
    this.runs = service.config.ROLE !== 'api';
    this.worker = new Worker({
      name: sweep.name,
      pollMs: sweep.pollMs ?? 500,
      work: sweep.work,
      due: async () => {
        const next = nextDue ? await work.run(workerFor(sweep.name, null), (tx) => nextDue(tx)) : null;
        return { dueNow: next !== null && next <= clock.now(), nextDue: next !== null && next > clock.now() ? next : null };
      },
    });
    if (this.runs && nextDue) idleness.observe(sweep.name, () => this.worker.idle());
  }

  onApplicationBootstrap(): void {
    if (this.runs) this.worker.start();
  }
  async onModuleDestroy(): Promise<void> {
    await this.worker.stop();
  }
}
