import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';

const self = workerFor('sandbox', null);

/** A transaction of the sandbox. Its tables belong to no practice, so there is one actor: the stand-in itself. */
@Injectable()
export class SandboxWork {
  constructor(private readonly work: UnitOfWork) {}

  run<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.work.run(self, fn);
  }
}
