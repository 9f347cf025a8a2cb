import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { LeavePartnership } from './commands/leave-partnership';
import { ExitPlanRepository } from './persistence/exit-plan.repository';

/** Looks at exits whose instant has come. */
@Injectable()
export class ExitSweeper extends Sweeper {
  constructor(tools: SweepTools, leave: LeavePartnership, plans: ExitPlanRepository) {
    super(tools, { name: 'exits', work: () => leave.execute(), nextDue: (sql) => plans.nextDue(sql) });
  }
}
