import { Injectable } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { CallListRepository } from '../persistence/call-list.repository';

const BATCH = 200;

/** Takes calls off the list whose visit has begun or whose offer's window has passed. Returns how many. */
@Injectable()
export class ClosePassedCalls {
  constructor(private readonly work: UnitOfWork, private readonly calls: CallListRepository) {}

  execute(): Promise<number> {
    return this.work.run(workerFor('call-list', null), (tx) => this.calls.closePassed(tx, BATCH));
  }
}
