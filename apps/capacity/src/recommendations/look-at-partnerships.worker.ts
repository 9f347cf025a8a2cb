import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { LookAtPartnerships } from './commands/look-at-partnerships';

/** Beside the looks at single practices, which do not wait for it; the clock knows when the next week comes. */
@Injectable()
export class LookAtPartnershipsWorker extends Sweeper {
  constructor(tools: SweepTools, look: LookAtPartnerships) {
    super(tools, { name: 'partnership-advice', pollMs: 1_000, work: () => look.execute(), nextDue: (sql) => look.nextDue(sql) });
  }
}
