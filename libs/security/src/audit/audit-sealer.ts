import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { SERVICE, type ServiceIdentity, Worker } from '@slotmesh/platform';
import { type ChainHead, sealAuditRows } from './audit-chain';

const LOOK_MS = 1_000;
const TELL_MS = 60_000;

/** Chains committed audit rows within seconds (P23). In the transactions themselves the chain would serialise a practice. */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('audit');
  private readonly worker: Worker;
  private told = 0;
  /** The end of the chain as this process saw it last: a witness outside the database. */
  head: ChainHead | null = null;

  constructor(private readonly work: UnitOfWork, @Inject(SERVICE) private readonly service: ServiceIdentity) {
    // Why nothing is ever due: sealing changes nothing that the domain waits for.
    this.worker = new Worker({ name: 'audit-sealer', pollMs: LOOK_MS, work: () => this.seal(), due: async () => ({ dueNow: false, nextDue: null }) });
  }

  onApplicationBootstrap(): void {
    if (this.service.config.ROLE !== 'api') this.worker.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }

  /** Chains what can be chained now; returns how many rows. */
  async seal(): Promise<number> {
    const { sealed, head } = await this.work.run(workerFor('audit-sealer', null), (tx) => sealAuditRows(tx));
    if (sealed > 0 && Date.now() - this.told > TELL_MS) {
      this.told = Date.now();
      // Why in the log: a head that stands outside the database shows when the end of the chain was cut off.
      this.logger.log({ sealedUpTo: head?.position, hash: head?.hash });
    }
    this.head = head;
    return sealed;
  }
}
