import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Worker } from '@slotmesh/platform';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../config';
import { SendDeliveries } from './commands/send-deliveries';

/** Sends webhooks. Not watched for idleness: whether a receiver answers is real time and must not hold the movable clock. */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly worker: Worker;

  constructor(private readonly send: SendDeliveries, @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig) {
    this.worker = new Worker({ name: 'webhooks', pollMs: 500, work: () => send.execute(() => this.worker.poke()), due: () => Promise.resolve({ dueNow: false, nextDue: null }) });
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }
  async onModuleDestroy(): Promise<void> {
    await this.worker.stop();
    await this.send.settled();
  }
}
