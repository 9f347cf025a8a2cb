import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, Worker } from '@slotmesh/platform';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import { ReadCosts } from './commands/read-costs';
import { LookUpUnclear } from './commands/look-up-unclear';
import { SendDue } from './commands/send-due';
import { TakeDeliveryReports } from './commands/take-delivery-reports';
import { dueState } from './persistence/message-rows';

/** The loops of this service: send, clear up, take reports. They run where the role says so; each tells /idle what is due. */
@Injectable()
export class MessageWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers: readonly Worker[];

  constructor(idleness: Idleness, work: UnitOfWork, send: SendDue, lookUp: LookUpUnclear, reports: TakeDeliveryReports, readCosts: ReadCosts, @Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'ROLE'>) {
    const parts = {
      sender: new Worker({ name: 'sender', pollMs: 100, work: () => send.execute(), due: () => work.run(workerFor('sender', null), dueState) }),
      'look-up': new Worker({ name: 'look-up', pollMs: 500, work: () => lookUp.execute(), due: () => lookUp.due() }),
      reports: new Worker({ name: 'reports', pollMs: 100, work: () => reports.execute(), due: () => reports.due() }),
    };
    // Why not observed: what texts have cost is told when the carriers bill it, and nothing waits for that.
    const costs = new Worker({ name: 'costs', pollMs: 5_000, work: () => readCosts.execute(), due: () => Promise.resolve({ dueNow: false, nextDue: null }) });
    this.workers = [...Object.values(parts), costs];
    if (config.ROLE !== 'api') for (const [name, worker] of Object.entries(parts)) idleness.observe(name, () => worker.idle());
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.workers.forEach((worker) => worker.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}
