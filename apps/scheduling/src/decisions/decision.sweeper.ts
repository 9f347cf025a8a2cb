import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { SettleDecisions } from './commands/settle-decisions';
import { DecisionRepository } from './persistence/decision.repository';

/** Looks at motions that are due. */
@Injectable()
export class DecisionSweeper extends Sweeper {
  constructor(tools: SweepTools, settle: SettleDecisions, decisions: DecisionRepository) {
    super(tools, { name: 'decisions', work: () => settle.execute(), nextDue: (sql) => decisions.nextDue(sql) });
  }
}
