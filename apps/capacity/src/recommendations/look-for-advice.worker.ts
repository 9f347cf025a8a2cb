import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { LookForAdvice } from './commands/look-for-advice';

/** The clock knows when the next look comes. */
@Injectable()
export class LookForAdviceWorker extends Sweeper {
  constructor(tools: SweepTools, look: LookForAdvice) {
    super(tools, { name: 'recommendations', pollMs: 1_000, work: () => look.execute(), nextDue: (sql) => look.nextDue(sql) });
  }
}
