import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Worker } from '@slotmesh/platform';
import { CAPACITY_CONFIG, type CapacityConfig } from '../config';
import { ForgetOldQuestions } from './forget-old-questions';

/** Where the role says so. The clock does not wait for it: nobody reads what is so old. */
@Injectable()
export class ForgetOldQuestionsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: Worker;

  constructor(forget: ForgetOldQuestions, @Inject(CAPACITY_CONFIG) private readonly config: Pick<CapacityConfig, 'ROLE'>) {
    this.worker = new Worker({ name: 'forget-old-questions', pollMs: 5_000, work: () => forget.execute(), due: () => Promise.resolve({ dueNow: false, nextDue: null }) });
  }

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'api') this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
