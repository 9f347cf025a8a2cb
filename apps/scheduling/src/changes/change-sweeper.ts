import { Injectable } from '@nestjs/common';
import { HOUR, plusMs } from '@slotmesh/kernel';
import { workerFor } from '@slotmesh/persistence';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { ChangeRepository } from './persistence/change.repository';

/** Whoever was away for longer reads anew what he shows. */
export const KEPT_HOURS = 48;
const LOOK_MS = 5_000;
const BATCH = 1_000;

/** Forgets changes that nobody can still miss. */
@Injectable()
export class ChangeSweeper extends Sweeper {
  constructor(tools: SweepTools, changes: ChangeRepository) {
    super(tools, { name: 'change-sweeper', pollMs: LOOK_MS, work: () => tools.work.run(workerFor('change-sweeper', null), (tx) => changes.forget(tx, plusMs(tools.clock.now(), -KEPT_HOURS * HOUR), BATCH)) });
  }
}
