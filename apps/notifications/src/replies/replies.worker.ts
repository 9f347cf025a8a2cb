import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Idleness, Worker } from '@slotmesh/platform';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import { HandleReplies } from './commands/handle-replies';

/** Reads stored texts, where the role says so. */
@Injectable()
export class RepliesWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(idleness: Idleness, replies: HandleReplies, @Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'ROLE'>) {
    this.worker = new Worker({ name: 'replies', pollMs: 100, work: () => replies.execute(), due: () => replies.due() });
    if (config.ROLE !== 'api') idleness.observe('replies', () => this.worker.idle());
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
