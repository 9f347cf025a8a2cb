import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness, SERVICE, type ServiceIdentity, Worker } from '@slotmesh/platform';
import { PlanEducation } from './commands/plan-education';
import { SendEducation } from './commands/send-education';
import { EducationRepository } from './persistence/education.repository';
import { EducationTimerRepository } from './persistence/education-timer.repository';

const POLL_MS = 1_000;

/** Asks for what patients read before visits, in every process whose role is worker or all. */
@Injectable()
export class EducationWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly worker: Worker;

  constructor(@Inject(SERVICE) private readonly service: ServiceIdentity, private readonly idleness: Idleness, send: SendEducation, plan: PlanEducation, timers: EducationTimerRepository, contents: EducationRepository, work: UnitOfWork, clock: Clock) {
    this.worker = new Worker({
      name: 'education',
      pollMs: POLL_MS,
      work: async () => (await plan.approved()) + (await send.execute()),
      due: () => work.run(workerFor('education', null), async (tx) => {
        const { dueNow, nextDue } = await timers.state(tx, clock.now());
        return { dueNow: dueNow || (await contents.waits(tx)), nextDue };
      }),
    });
  }

  onApplicationBootstrap(): void {
    if (this.service.config.ROLE === 'api') return;
    this.idleness.observe('education', () => this.worker.idle());
    this.worker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
