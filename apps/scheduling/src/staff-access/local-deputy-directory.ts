import type { Provider } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { type DeputyAnswer, DeputyDirectory, type DeputyQuestion } from '@slotmesh/security';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { DecideDeskWork } from './decide-desk-work';

/** Scheduling's own answer, from its tables, at each request. */
export class LocalDeputyDirectory extends DeputyDirectory {
  constructor(private readonly work: UnitOfWork, private readonly decide: DecideDeskWork) {
    super();
  }

  find(question: DeputyQuestion): Promise<DeputyAnswer> {
    // Why as worker: whose list may be worked is asked before a tenant is known.
    return this.work.run(workerFor('desk-work', null), (tx) => this.decide.execute(tx, question));
  }
}

/** For SecurityModule.forRoot, whose modules are there before any other. */
export const localDeputyDirectory: Provider<DeputyDirectory> = { provide: DeputyDirectory, inject: [UnitOfWork], useFactory: (work: UnitOfWork) => new LocalDeputyDirectory(work, new DecideDeskWork(new AgreementRepository())) };
