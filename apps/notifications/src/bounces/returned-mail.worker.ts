import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Idleness, Worker } from '@slotmesh/platform';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import { HandleReturnedMails } from './commands/handle-returned-mails';

/** Reads stored bounces and complaints, where the role says so. */
@Injectable()
export class ReturnedMailWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(idleness: Idleness, mails: HandleReturnedMails, @Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'ROLE'>) {
    this.worker = new Worker({ name: 'returned-mail', pollMs: 500, work: () => mails.execute(), due: () => mails.due() });
    if (config.ROLE !== 'api') idleness.observe('returned-mail', () => this.worker.idle());
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
